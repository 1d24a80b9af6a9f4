import { z } from 'zod';
import { serverPath } from '../server/path.ts';
import { MAX_VIRTUAL_TOOLS, nameOfVirtualTool, VIRTUAL_TOOL_NAME } from './virtual-names.ts';

/** Characters of a fixed value as JSON. */
const MAX_VALUE = 10_000;
/** Characters of all tools as JSON. */
const MAX_ALL = 500_000;
const MAX_ARGUMENTS = 100;

const argumentName = z.string().min(1).max(200);
const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, 'control characters are not allowed');

const fields = {
  server: z.string().describe('path of the server whose tool it is'),
  tool: z.string().min(1).max(2_048).describe('name of the tool at that server'),
  name: z
    .string()
    .regex(VIRTUAL_TOOL_NAME, 'a name is 1 to 64 of letters, digits, "_", "-" and "."')
    .optional()
    .describe('name here; left out: the name that it has at its server'),
  title: text(200).optional().describe('left out: as at its server'),
  description: text(8_000).optional().describe('left out: as at its server'),
  fixed: z
    .record(argumentName, z.json())
    .optional()
    .describe('arguments that are always sent with these values; nobody else can send them. They are not secret'),
  hidden: z
    .array(argumentName)
    .max(MAX_ARGUMENTS)
    .optional()
    .describe('optional arguments that are neither shown nor sent, so that the default of the server applies'),
};

/** A tool of a virtual server: which tool of which server it is, and what is different about it. */
export const virtualToolView = z.object(fields);

/** As `virtualToolView`, but as input. */
export const virtualTool = z
  .strictObject({ ...fields, server: serverPath.describe('path of the server whose tool it is') })
  .superRefine(({ tool, name, fixed = {}, hidden = [] }, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (name === undefined && !VIRTUAL_TOOL_NAME.test(tool))
      issue('name', `the name that it has at its server is not one that every client accepts; give "name"`);
    const names = Object.keys(fixed);
    if (names.length > MAX_ARGUMENTS) issue('fixed', `at most ${MAX_ARGUMENTS} arguments can be fixed`);
    for (const one of names) {
      if (JSON.stringify(fixed[one]).length > MAX_VALUE)
        issue('fixed', `the value of "${one}" has more than ${MAX_VALUE} characters`);
      if (hidden.includes(one))
        issue('hidden', `"${one}" has a fixed value, so it is hidden already; leave it out here`);
    }
  });

/** The tools of a virtual server, each name once. */
export const virtualTools = z
  .array(virtualTool)
  .min(1, 'a virtual server has at least one tool')
  .max(MAX_VIRTUAL_TOOLS, `a virtual server has at most ${MAX_VIRTUAL_TOOLS} tools`)
  .superRefine((tools, context) => {
    const seen = new Map<string, number>();
    tools.forEach((one, at) => {
      const name = nameOfVirtualTool(one);
      const first = seen.get(name);
      if (first === undefined) seen.set(name, at);
      else
        context.addIssue({
          code: 'custom',
          path: [at, 'name'],
          message: `two tools have the name "${name}" (the other one is number ${first + 1}); give one of them another "name"`,
        });
    });
    if (JSON.stringify(tools).length > MAX_ALL)
      context.addIssue({ code: 'custom', message: `the tools have more than ${MAX_ALL} characters as JSON` });
  });

/** The part of the view of a server that describes a virtual one. */
export const virtualView = z.object({
  version: z.int().describe('counts each save of changed tools; earlier ones are at /api/servers/{path}/versions'),
  tools: z.array(virtualToolView),
});

/** Versions of a virtual server, the last one first. */
export const virtualVersions = z.object({
  items: z.array(
    z.object({
      version: z.int(),
      at: z.string(),
      by: z.string().nullable().describe('who saved it; null: a configuration did'),
      tools: z.array(virtualToolView),
    }),
  ),
});

/** Version of the files in `DATA_DIR/bridge/virtual/`. */
export const VIRTUAL_FILE_VERSION = 1;

/** `DATA_DIR/bridge/virtual/<server id>.json`, written by the registry: a virtual server that the bridge serves. */
export const virtualFile = z.object({
  v: z.literal(VIRTUAL_FILE_VERSION),
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  path: z.string(),
  name: z.string(),
  description: z.string(),
  version: z.int(),
  tools: z.array(virtualToolView),
});

export type VirtualTool = z.infer<typeof virtualTool>;
export type VirtualVersions = z.infer<typeof virtualVersions>;
export type VirtualFile = z.infer<typeof virtualFile>;
