import type { KeyFile } from '../../registry/contract/access-files.ts';
import { patternCovers } from '../../registry/contract/explain-path.ts';

/**
 * The tools that an agent's grants allow on a server: null = all of them, undefined = it has no grant for this server. Several grants that
 * cover it add up.
 */
export function grantedTools(grants: KeyFile['grants'], path: string): string[] | null | undefined {
  let tools: string[] | undefined;
  for (let i = 0; i < grants.length; i += 1) {
    const grant = grants[i];
    if (grant === undefined || !patternCovers(grant.server, path)) continue;
    if (grant.tools.indexOf('*') >= 0) return null;
    tools = tools === undefined ? grant.tools : tools.concat(grant.tools);
  }
  return tools;
}

/** The first of the called tools that may not be called, by the agent's grants or by the server's own list (null = any); else undefined. */
export function findForbidden(
  called: string[],
  granted: string[] | null,
  allowed: string[] | null,
): string | undefined {
  for (let i = 0; i < called.length; i += 1) {
    const tool = called[i] ?? '';
    if (granted !== null && granted.indexOf(tool) < 0) return tool;
    if (allowed !== null && allowed.indexOf(tool) < 0) return tool;
  }
  return undefined;
}
