import type { Actor, ApproveInput, ToolLockMode } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import { requireServer, type Approval, type StoredServer } from '../../store/index.ts';
import { hashList } from '../snapshot/hash-tools.ts';
import { updateIssues } from '../issues/update-issues.ts';
import type { ToolsDeps } from '../tools-deps.ts';

function hashesOf(approvals: readonly Approval[]): Record<string, string> {
  return Object.fromEntries(approvals.map(({ name, hash }) => [name, hash]));
}

/**
 * Locks the tools of a server: its current list is approved, and later changes need approval. For a server that is already locked only the mode
 * changes, its approvals remain; `mode` null removes the lock. A stricter policy is in force when this returns. Throws RegistryError `not_found`.
 */
export async function lockTools(
  deps: ToolsDeps,
  actor: Actor,
  path: string,
  mode: ToolLockMode | null,
): Promise<StoredServer> {
  const { value: server } = await deps.store.change(
    actor,
    mode === null ? 'tools.unlocked' : 'tools.locked',
    async (tx) => {
      const found = await requireServer(tx, path);
      const before = await tx.toolLocks.byServer(found.id);
      if (mode === null) await tx.toolLocks.remove(found.id);
      else {
        const lock = before === undefined ? { lockedAt: tx.now, lockedBy: actor.name } : before;
        await tx.toolLocks.put(found.id, { ...lock, mode });
        if (before === undefined) await tx.toolLocks.approve(found.id, await tx.tools.byServer(found.id));
      }
      return { value: found, target: path, before: { mode: before?.mode ?? null }, after: { mode } };
    },
  );
  await deps.accessFiles.writeServer(server.id);
  await updateIssues(deps.store, server.id);
  deps.events.emit('tools.changed', { serverId: server.id, path });
  return server;
}

function stale(what: string): RegistryError {
  return new RegistryError('stale', `${what} changed since you read it`, {
    hint: 'Read the tools again, review what changed, and approve that.',
  });
}

function choose(listed: readonly Approval[], input: ApproveInput): Approval[] {
  if (input.tools === undefined) return [...listed];
  return input.tools.map(({ name, hash }, index) => {
    const tool = listed.find((candidate) => candidate.name === name);
    if (tool === undefined)
      throw new RegistryError('invalid', `tools.${index}.name: the server lists no tool "${name}"`, {
        errors: [{ field: `tools.${index}.name`, message: 'No such tool is in its list now' }],
      });
    if (hash !== undefined && hash !== tool.hash) throw stale(`The tool "${name}"`);
    return tool;
  });
}

/**
 * Approves tools of a server with a tool lock as currently listed: the named ones, or all (then approvals of tools that no longer exist are also
 * deleted). A hash in the input must equal the current one. Throws RegistryError `not_found`, `invalid` or `stale`.
 */
export async function approveTools(
  deps: ToolsDeps,
  actor: Actor,
  path: string,
  input: ApproveInput,
): Promise<StoredServer> {
  const { value: server } = await deps.store.change(actor, 'tools.approved', async (tx) => {
    const found = await requireServer(tx, path);
    if ((await tx.toolLocks.byServer(found.id)) === undefined)
      throw new RegistryError('invalid', `The tools of "${path}" are not locked, so there is nothing to approve`, {
        hint: `Lock them first: PUT /api/servers/${encodeURIComponent(path)}/tool-lock {"mode": "alert"}.`,
      });
    const listed = await tx.tools.byServer(found.id);
    if (
      input.snapshot !== undefined &&
      input.snapshot !== hashList(new Map(listed.map(({ name, hash }) => [name, hash])))
    )
      throw stale('The list of tools');
    const before = await tx.toolLocks.approvals(found.id);
    const chosen = choose(listed, input);
    await tx.toolLocks.approve(found.id, chosen);
    if (input.tools === undefined) {
      const names = new Set(listed.map(({ name }) => name));
      await tx.toolLocks.forget(
        found.id,
        before.map(({ name }) => name).filter((name) => !names.has(name)),
      );
    }
    const old = hashesOf(before);
    const changed = chosen.filter(({ name, hash }) => old[name] !== hash);
    return {
      value: found,
      target: path,
      before: Object.fromEntries(changed.map(({ name }) => [name, old[name] ?? null])),
      after: hashesOf(changed),
    };
  });
  await deps.accessFiles.writeServer(server.id);
  await updateIssues(deps.store, server.id);
  deps.events.emit('tools.changed', { serverId: server.id, path });
  return server;
}
