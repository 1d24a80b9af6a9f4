import { z } from 'zod';

const MAX_FOLDERS = 50;

/** A canonical absolute path: no segment of it refers to another path. */
const folder = z
  .string()
  .max(1_000)
  .regex(/^\/[^\u0000-\u001f\u007f]+$/, 'an absolute path below "/"')
  .refine(
    (path) =>
      path
        .slice(1)
        .split('/')
        .every((name) => name !== '' && name !== '.' && name !== '..'),
    'a path without "//", "." and ".." and without a slash at the end',
  );
const folders = z.array(folder).max(MAX_FOLDERS);

export const confinementFields = {
  network: z.boolean().describe("false: no network; true: the gateway's network, including what listens on loopback"),
  readOnly: z
    .boolean()
    .describe(
      'true: it may write only in its own folder, in /tmp and in "writable"; false: wherever the user of the gateway may, except in the gateway itself',
    ),
  readable: folders.describe('files and folders that it sees although they are in a folder that is hidden by default'),
  writable: folders.describe('files and folders that it sees and may write, in addition to its own folder'),
  hidden: folders.describe('files and folders that it does not see, in addition to those that are hidden by default'),
};

const LISTS = ['readable', 'writable', 'hidden'] as const;

type Listed = Partial<Record<(typeof LISTS)[number], string[] | undefined>>;

/** Rejects a path that is in two lists. */
export function checkConfinement(given: Listed, context: z.RefinementCtx): void {
  const seen = new Map<string, string>();
  for (const list of LISTS)
    for (const path of given[list] ?? []) {
      const other = seen.get(path);
      if (other !== undefined)
        context.addIssue({ code: 'custom', path: [list], message: `${path} is in "${other}" already` });
      seen.set(path, list);
    }
}

/** What a program has no access to; members left out are restricted. Of two paths in the lists the longer one decides. */
export const confinement = z
  .strictObject({
    network: confinementFields.network.default(false),
    readOnly: confinementFields.readOnly.default(true),
    readable: confinementFields.readable.default([]),
    writable: confinementFields.writable.default([]),
    hidden: confinementFields.hidden.default([]),
  })
  .superRefine(checkConfinement);

export type Confinement = z.infer<typeof confinement>;
