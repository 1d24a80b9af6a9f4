import { kindOf, type Tool } from '../../contract/index.ts';
import { hashForGate } from '../snapshot/canonical-tool.ts';
import { readVariants } from '../snapshot/instance-lists.ts';
import { listCallable } from './evaluate-lock.ts';
import { evaluateServer, type PolicyRows } from './evaluate-server.ts';

/** Decides which tools the gate allows. */
export interface ToolPolicy {
  /** Names of tools; null: any. */
  allowedTools(serverId: string): Promise<string[] | null>;
  /** The same with the hash by which the gate compares the approved definition. */
  approvedTools(serverId: string): Promise<Record<string, string> | null>;
  /** Names of the tools that are read-only on every instance that lists them. */
  readOnlyTools(serverId: string): Promise<string[]>;
}

const isReadOnly = (tool: Tool): boolean => kindOf(tool) === 'readOnly';

/** Only reads the store, so that the access files can be written without the rest of this feature. */
export function createToolPolicy(rows: PolicyRows): ToolPolicy {
  const policy: ToolPolicy = {
    async allowedTools(serverId) {
      const lock = await rows.toolLocks.byServer(serverId);
      if (lock?.mode !== 'block') return null;
      const server = await rows.servers.byId(serverId);
      return server === undefined ? [] : listCallable(lock.mode, await evaluateServer(rows, server, lock.mode));
    },

    async approvedTools(serverId) {
      const allowed = await policy.allowedTools(serverId);
      if (allowed === null) return null;
      const names = new Set(allowed);
      const approvals = (await rows.toolLocks.approvals(serverId)).filter(({ name }) => names.has(name));
      return Object.fromEntries(approvals.map(({ name, tool }) => [name, hashForGate(tool)]));
    },

    async readOnlyTools(serverId) {
      const found = (await rows.tools.mentioning(serverId, 'readOnlyHint')).filter(isReadOnly);
      const server = found.length === 0 ? undefined : await rows.servers.byId(serverId);
      if (server === undefined) return [];
      const others = await readVariants(rows, server, await rows.tools.hashes(serverId));
      return found
        .map(({ name }) => name)
        .filter((name) => (others.get(name) ?? []).every(({ tool }) => isReadOnly(tool)));
    },
  };
  return policy;
}
