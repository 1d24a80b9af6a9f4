import {
  nameOfVirtualTool,
  rewriteTool,
  type CatalogueServer,
  type SourceTool,
  type VirtualFile,
  type VirtualTool,
} from '@mcpgw/registry/contract';
import type { Condition } from '../servers/create-server.ts';

/** A tool of a virtual server in its current state. */
export interface ResolvedTool {
  name: string;
  definition: VirtualTool;
  /** Undefined: there is none. */
  source: CatalogueServer | undefined;
  /** As agents see it; undefined: it cannot be used, because of `problem`. */
  tool: SourceTool | undefined;
  problem: string | null;
}

/** Whether a server is virtual itself, by its id: its tools are those of others, and two could refer to each other. */
export type IsVirtual = (id: string) => boolean;

function resolve(definition: VirtualTool, source: CatalogueServer | undefined, isVirtual: IsVirtual): ResolvedTool {
  const { server, tool } = definition;
  const lacking = (problem: string): ResolvedTool => {
    return { name: nameOfVirtualTool(definition), definition, source, tool: undefined, problem };
  };
  if (source === undefined) return lacking(`"${server}" does not exist, or is disabled`);
  if (isVirtual(source.id)) return lacking(`"${server}" is a virtual server itself`);
  if (source.tools === null) return lacking(`the tools of "${server}" are not known yet`);
  const found = source.tools.find(({ name }) => name === tool);
  if (found === undefined) return lacking(`"${server}" has no tool "${tool}" any more`);
  const rewritten = rewriteTool(found, definition);
  if ('problem' in rewritten) return lacking(rewritten.problem);
  return { ...lacking(''), tool: rewritten.tool, problem: null };
}

/** Every tool of a virtual server, with its problem. */
export function resolveTools(
  { tools }: Pick<VirtualFile, 'tools'>,
  catalogue: readonly CatalogueServer[],
  isVirtual: IsVirtual,
): ResolvedTool[] {
  const byPath = new Map(catalogue.map((server) => [server.path, server]));
  return tools.map((definition) => resolve(definition, byPath.get(definition.server), isVirtual));
}

const MAX_NAMED = 3;

/** The condition of a virtual server: which of its tools are unusable, and which servers do not respond correctly. */
export function describeCondition(resolved: readonly ResolvedTool[]): Condition {
  const lacking = resolved.filter(({ tool }) => tool === undefined);
  const usable = resolved.filter(({ tool }) => tool !== undefined);
  const unhealthy = new Map(
    usable.flatMap(({ source }) =>
      source?.health === 'unhealthy' || source?.health === 'auth_required' ? [[source.path, source] as const] : [],
    ),
  );
  const down = usable.filter(({ source }) => source !== undefined && unhealthy.has(source.path));
  const problems = [
    ...lacking.slice(0, MAX_NAMED).map(({ name, problem }) => `"${name}": ${problem}`),
    ...(lacking.length > MAX_NAMED ? [`and ${lacking.length - MAX_NAMED} more tools`] : []),
    ...[...unhealthy.keys()]
      .slice(0, MAX_NAMED)
      .map((path) => `"${path}" did not respond correctly when it was last checked`),
  ];
  if (problems.length === 0) return { state: 'running', problem: null, remedy: null };
  const works = usable.length - down.length;
  return {
    state: works === 0 ? 'failed' : 'degraded',
    problem: `${works} of its ${resolved.length} tools can be used; ${problems.join('; ')}`,
    remedy:
      lacking.length > 0
        ? 'Change or remove these tools, or repair their servers.'
        : 'See the health of these servers.',
  };
}
