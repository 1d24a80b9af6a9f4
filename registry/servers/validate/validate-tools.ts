import { rewriteTool, type VirtualTool } from '../../contract/index.ts';
import { RegistryError, type FieldError } from '../../lib/errors.ts';
import type { ServersDeps } from '../servers-deps.ts';

/** Servers of the same batch, by path: whether it will be virtual; null: it will be removed. */
export type Planned = ReadonlyMap<string, boolean | null>;

/** Why a tool cannot be part of a virtual server at `path`; null: it can, as far as is known. */
async function explainTool(
  { store }: Pick<ServersDeps, 'store'>,
  path: string,
  item: VirtualTool,
  planned: Planned,
): Promise<FieldError | null> {
  if (item.server === path) return { field: 'server', message: 'a virtual server cannot have tools of itself' };
  const existing = await store.servers.byPath(item.server);
  const plan = planned.get(item.server);
  if (plan === null || (existing === undefined && plan === undefined))
    return { field: 'server', message: `there is no server at "${item.server}"` };
  if (plan ?? existing?.tools !== undefined)
    return {
      field: 'server',
      message: `"${item.server}" is a virtual server; choose the tool of the server that provides it`,
    };
  const seen = existing && (await store.observations.byServer(existing.id));
  // Its tools are not known yet: mismatches are reported in the health of the virtual server.
  if (existing === undefined || seen === undefined || seen.snapshotHash === null) return null;
  const tools = await store.tools.byServer(existing.id);
  const source = tools.find(({ tool }) => tool.name === item.tool)?.tool;
  if (source === undefined) return { field: 'tool', message: `"${item.server}" has no tool "${item.tool}"` };
  const rewritten = rewriteTool(source, item);
  return 'tool' in rewritten
    ? null
    : { field: item.hidden === undefined ? 'fixed' : 'hidden', message: rewritten.problem };
}

/** Throws `invalid` naming each tool of an unknown server, of a virtual one, or of one that is known not to have it. */
export async function validateTools(
  deps: Pick<ServersDeps, 'store'>,
  path: string,
  tools: readonly VirtualTool[],
  planned: Planned = new Map(),
): Promise<void> {
  const errors: FieldError[] = [];
  for (const [at, item] of tools.entries()) {
    const found = await explainTool(deps, path, item, planned);
    if (found !== null) errors.push({ field: `tools.${at}.${found.field}`, message: found.message });
  }
  if (errors.length === 0) return;
  throw new RegistryError('invalid', errors.map(({ field, message }) => `${field}: ${message}`).join('; '), {
    errors,
    hint: 'GET /api/tools lists the tools of all servers.',
  });
}
