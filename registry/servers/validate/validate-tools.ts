import { rewriteTool, type VirtualTool } from '../../contract/index.ts';
import { RegistryError, type FieldError } from '../../lib/errors.ts';
import type { ServersDeps } from '../servers-deps.ts';

/** Servers that are not stored yet, or any more, when a virtual server is judged: path → whether it is virtual; null: it will be gone. */
export type Planned = ReadonlyMap<string, boolean | null>;

/** Why a tool cannot be one of a virtual server at `path`; null: it can, as far as is known. */
async function explainTool(
  { store }: Pick<ServersDeps, 'store'>,
  path: string,
  one: VirtualTool,
  planned: Planned,
): Promise<FieldError | null> {
  if (one.server === path) return { field: 'server', message: 'a virtual server cannot have tools of itself' };
  const there = await store.servers.byPath(one.server);
  const plan = planned.get(one.server);
  if (plan === null || (there === undefined && plan === undefined))
    return { field: 'server', message: `there is no server at "${one.server}"` };
  if (plan ?? there?.tools !== undefined)
    return {
      field: 'server',
      message: `"${one.server}" is a virtual server; choose the tool at the server that it has it from`,
    };
  const seen = there && (await store.observations.byServer(there.id));
  // Nothing of it is known yet: the server's health says what does not fit.
  if (there === undefined || seen === undefined || seen.snapshotHash === null) return null;
  const tools = await store.tools.byServer(there.id);
  const source = tools.find(({ tool }) => tool.name === one.tool)?.tool;
  if (source === undefined) return { field: 'tool', message: `"${one.server}" has no tool "${one.tool}"` };
  const rewritten = rewriteTool(source, one);
  return 'tool' in rewritten
    ? null
    : { field: one.hidden === undefined ? 'fixed' : 'hidden', message: rewritten.problem };
}

/** Throws `invalid` naming each tool that is of no server, of a virtual one, or of one that is known not to have it. */
export async function validateTools(
  deps: Pick<ServersDeps, 'store'>,
  path: string,
  tools: readonly VirtualTool[],
  planned: Planned = new Map(),
): Promise<void> {
  const errors: FieldError[] = [];
  for (const [at, one] of tools.entries()) {
    const found = await explainTool(deps, path, one, planned);
    if (found !== null) errors.push({ field: `tools.${at}.${found.field}`, message: found.message });
  }
  if (errors.length === 0) return;
  throw new RegistryError('invalid', errors.map(({ field, message }) => `${field}: ${message}`).join('; '), {
    errors,
    hint: 'GET /api/tools lists the tools of all servers.',
  });
}
