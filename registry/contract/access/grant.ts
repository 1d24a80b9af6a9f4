import { z } from 'zod';
import { serverPattern } from '../server/path.ts';

/** A moment in ISO 8601 with zone, or null for never. */
export const moment = z.iso.datetime({ offset: true });

const MAX_SELECTORS = 1_000;

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) < 32 || text.charCodeAt(i) === 127) return true;
  return false;
}

/** What is wrong with a selector of a grant; null: nothing. */
function explainSelector(written: string, takesAnnotations: boolean): string | null {
  const selector = written.startsWith('!') ? written.slice(1) : written;
  if (selector === '' || selector.startsWith('!')) return 'a name or pattern is missing; "*" is everything';
  if (hasControlCharacter(selector)) return 'names have no control characters';
  if (!selector.startsWith('annotation:')) return null;
  if (selector !== 'annotation:readOnly') return 'the annotation that can be granted is "annotation:readOnly"';
  if (!takesAnnotations) return 'only tools have annotations';
  return written.startsWith('!')
    ? 'an annotation cannot be excluded, since a tool that the gateway has not seen yet has none; name the tools'
    : null;
}

function selectors(maxLength: number, takesAnnotations: boolean) {
  const selector = z
    .string()
    .max(maxLength)
    .superRefine((written, context) => {
      const message = explainSelector(written, takesAnnotations);
      if (message !== null) context.addIssue({ code: 'custom', message });
    });
  return z.array(selector).max(MAX_SELECTORS);
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const timeOfDay = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'a time is HH:MM, as in 09:30');

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

export const zone = z.string().max(64).refine(isZone, 'a zone is one of the IANA database, as in Europe/Berlin or UTC');

/** Times of the week. `to` before `from` is the next day; both equal is the whole day. */
export const hours = z.strictObject({
  days: z.array(z.enum(WEEKDAYS)).min(1).max(7),
  from: timeOfDay,
  to: timeOfDay,
  zone,
});

const LISTS = ['tools', 'resources', 'prompts'] as const;

const written = z.strictObject({
  server: serverPattern.describe('a path, "team/*" or "*" (every server but mcpgw)'),
  tools: selectors(200, true)
    .optional()
    .describe('names, "get_*", "!get_secret", "annotation:readOnly", "tag:finance"'),
  resources: selectors(1_000, false).optional().describe('URIs, "docs://*", "!docs://secret/*", "tag:finance"'),
  prompts: selectors(200, false).optional().describe('names, "write_*", "!write_all", "tag:finance"'),
  effect: z.literal('deny').optional().describe('what is named is denied, even if other grants allow it'),
  hours: hours.optional().describe('in force only at these times'),
  expiresAt: moment.optional().describe('in force until then'),
});

/**
 * What an agent may use, or may not. A grant that names neither tools nor resources nor prompts covers all of them; one that names some
 * covers nothing of the other kinds.
 */
export const grant = written
  .superRefine((one, context) => {
    for (const list of LISTS) {
      const names = one[list] ?? [];
      const excluded = names.filter((name) => name.startsWith('!'));
      if (excluded.length === 0) continue;
      const message =
        one.effect === 'deny'
          ? 'this grant denies what it names, so leave the "!" out'
          : 'exclusions alone grant nothing: begin with "*" or a name';
      if (one.effect === 'deny' || excluded.length === names.length)
        context.addIssue({ code: 'custom', path: [list], message });
    }
  })
  .transform((one) => {
    const named = LISTS.some((list) => one[list] !== undefined) ? [] : ['*'];
    return { ...one, tools: one.tools ?? named, resources: one.resources ?? named, prompts: one.prompts ?? named };
  });
export const grants = z.array(grant).max(1000);

/** A grant as it is stored and shown: complete. */
export const grantView = z.object({
  server: z.string(),
  tools: z.array(z.string()),
  resources: z.array(z.string()),
  prompts: z.array(z.string()),
  effect: z.literal('deny').optional(),
  hours: hours.optional(),
  expiresAt: z.string().optional(),
});

export type Grant = z.output<typeof grant>;
export type Hours = z.infer<typeof hours>;
