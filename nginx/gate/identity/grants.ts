import type { Grant, KeyRecord, ServerRecord } from '../records/index.ts';

/** The path of the management server, which `*` does not cover: it must be named. */
const MANAGEMENT_PATH = 'mcpgw';

/** Tools by name; undefined: all of them. */
export type Tools = Readonly<Record<string, true | undefined>> | undefined;

/** What an agent may do on a server. */
export interface Granted {
  tools: Tools;
}

/** Whether a grant's pattern covers a path: the path itself, `team/*` or `*`. */
export function patternCovers(pattern: string, path: string): boolean {
  if (pattern === path) return true;
  if (pattern === '*') return path !== MANAGEMENT_PATH;
  return pattern.endsWith('/*') && path.startsWith(pattern.slice(0, -1));
}

/** What these grants allow on a server, added up; undefined: none covers it. */
export function addGrants(grants: readonly Grant[], path: string): Granted | undefined {
  let tools: Record<string, true> | undefined;
  for (const grant of grants) {
    if (!patternCovers(grant.server, path)) continue;
    tools ??= {};
    for (const tool of grant.tools) {
      if (tool === '*') return { tools: undefined };
      tools[tool] = true;
    }
  }
  return tools === undefined ? undefined : { tools };
}

const NOTHING = 'nothing';

/** The same for a key, remembered with its record. */
export function grantedOn(record: KeyRecord, path: string): Granted | undefined {
  const derived = record.derived;
  const name = `grants ${path}`;
  const before = derived[name] as Granted | typeof NOTHING | undefined;
  if (before !== undefined) return before === NOTHING ? undefined : before;
  const granted = addGrants(record.grants, path);
  derived[name] = granted ?? NOTHING;
  return granted;
}

/** The tools that may be called on a server at all. */
export function toolsOf(server: ServerRecord): Tools {
  if (server.tools === undefined) return undefined;
  const before = server.derived.tools as Tools;
  if (before !== undefined) return before;
  const tools: Record<string, true> = {};
  for (const tool of server.tools) tools[tool] = true;
  server.derived.tools = tools;
  return tools;
}
