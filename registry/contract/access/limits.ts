import { z } from 'zod';
import { serverPattern } from '../server/path.ts';
import { zone } from './grant.ts';

const MAX_RULES = 200;

const atOnce = z.int().min(0).max(1_000_000);

/** What a rule may limit. A member that is left out is not limited. */
const amounts = {
  requestsPerSecond: z
    .number()
    .min(0.001)
    .max(1_000_000)
    .optional()
    .describe('each message of a batch counts; GET and DELETE are one request'),
  burst: z.int().min(1).max(1_000_000).optional().describe('requests at once; left out: those of one second'),
  concurrentCalls: atOnce.optional().describe('calls in progress at once'),
  concurrentStreams: atOnce.optional().describe('open streams at once'),
  callsPerDay: z.int().min(0).max(1_000_000_000).optional().describe('calls in a day of the zone'),
  largeBodies: atOnce.optional().describe('bodies over 128 KB, or of unknown length, that are read at once'),
};

const tool = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => !/[\p{Cc}]/u.test(name), 'names have no control characters')
  .describe('only calls of this tool, or of all that match "send_*" together');

const perAgent = z.literal(true).optional().describe('each agent is counted separately; left out: all together');

interface Written {
  server?: string | undefined;
  tool?: string | undefined;
  perAgent?: true | undefined;
  requestsPerSecond?: number | undefined;
  burst?: number | undefined;
  concurrentStreams?: number | undefined;
  largeBodies?: number | undefined;
}

const LIMITS = ['requestsPerSecond', 'concurrentCalls', 'concurrentStreams', 'callsPerDay', 'largeBodies'] as const;

/** What is wrong with a rule, by the field; undefined: nothing. */
function explainRule(rule: Written): [field: string, message: string] | undefined {
  if (rule.burst !== undefined && rule.requestsPerSecond === undefined)
    return ['burst', 'a burst needs requestsPerSecond, the rate at which it is refilled'];
  if (!LIMITS.some((name) => name in rule && rule[name as keyof Written] !== undefined))
    return ['', `this rule limits nothing: set at least one of ${LIMITS.join(', ')}`];
  if (rule.tool !== undefined && rule.concurrentStreams !== undefined)
    return ['concurrentStreams', 'a stream belongs to no tool: put this in a rule without tool'];
  if (rule.largeBodies !== undefined && (rule.tool !== undefined || rule.server !== undefined))
    return ['largeBodies', 'large bodies are counted before they are read: put this in a rule without server and tool'];
  return undefined;
}

function listOf<Rule extends z.ZodType<Written>>(rule: Rule) {
  const judged = rule.superRefine((written, context) => {
    const wrong = explainRule(written);
    if (wrong !== undefined)
      context.addIssue({ code: 'custom', path: wrong[0] === '' ? [] : [wrong[0]], message: wrong[1] });
  });
  return z
    .array(judged)
    .max(MAX_RULES)
    .superRefine((rules, context) => {
      const seen = new Set<string>();
      for (const [index, { server, tool, perAgent }] of rules.entries()) {
        const name = JSON.stringify([server, tool, perAgent]);
        if (seen.has(name))
          context.addIssue({
            code: 'custom',
            path: [index],
            message: 'another rule of this list covers the same; put their limits into one rule',
          });
        seen.add(name);
      }
    });
}

const server = serverPattern
  .optional()
  .describe('only this server, or all that match "team/*" together; left out: every server, mcpgw too');
const day = zone.default('UTC').describe('zone of the days that are counted, from the IANA database');

/** Limits of an agent. */
export const agentLimits = z.strictObject({
  zone: day,
  rules: listOf(z.strictObject({ server, tool: tool.optional(), ...amounts })).default([]),
});

/** Limits of a group, for its agents. */
export const groupLimits = z.strictObject({
  zone: day,
  rules: listOf(z.strictObject({ server, tool: tool.optional(), perAgent, ...amounts })).default([]),
});

/** Limits of a server, for all agents. */
export const serverLimits = z.strictObject({
  zone: day,
  rules: listOf(z.strictObject({ tool: tool.optional(), perAgent, ...amounts }).omit({ largeBodies: true })).default(
    [],
  ),
});

/** A rule as it is stored and shown. */
export const limitRule = z.object({
  server: z.string().optional(),
  tool: z.string().optional(),
  perAgent: z.literal(true).optional(),
  ...amounts,
});

export const limitsView = z.object({
  zone: z.string(),
  rules: z.array(limitRule),
  revision: z.int().describe('of these limits; the ETag'),
  managedBy: z
    .string()
    .nullable()
    .describe('the configuration that defines them and in which they are changed; null: none'),
});

/** How much of a rule is used at this moment. Members are present if the rule limits them. */
export const limitUse = z.object({
  of: z.enum(['agent', 'group', 'server']).describe('whose rule it is'),
  name: z.string().describe('name of the agent or group, or path of the server'),
  rule: limitRule,
  requests: z
    .object({
      used: z.number().describe('of the burst'),
      limit: z.int(),
      fullAt: z.string().describe('when all of it is free again'),
    })
    .optional(),
  concurrentCalls: z.object({ used: z.int(), limit: z.int() }).optional(),
  concurrentStreams: z.object({ used: z.int(), limit: z.int() }).optional(),
  callsToday: z.object({ used: z.int(), limit: z.int(), resetsAt: z.string() }).optional(),
  largeBodies: z.object({ used: z.int(), limit: z.int() }).optional(),
});

export const limitUses = z.object({
  at: z.string(),
  items: z.array(limitUse).describe('one per rule; empty: nothing is limited'),
});

export type AgentLimits = z.infer<typeof agentLimits>;
export type GroupLimits = z.infer<typeof groupLimits>;
export type ServerLimits = z.infer<typeof serverLimits>;
export type LimitRule = z.infer<typeof limitRule>;
export type LimitsView = z.infer<typeof limitsView>;
export type LimitUse = z.infer<typeof limitUse>;
export type LimitUses = z.infer<typeof limitUses>;
