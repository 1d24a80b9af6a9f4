import type { Actor, ApproveInput, PinMode } from '../../contract/index.ts';
import { RegistryError } from '../../errors.ts';
import { requireServer, type Approval, type StoredServer } from '../../store/index.ts';
import { hashList } from '../snapshot/hash-tools.ts';
import type { DiscoveryParts } from '../tools-deps.ts';

function hashesOf(approvals: readonly Approval[]): Record<string, string> {
  return Object.fromEntries(approvals.map(({ name, hash }) => [name, hash]));
}

/**
 * Pins a server: what it lists now is approved, and what changes from now on waits for approval. A server that is pinned already keeps its
 * approvals and changes its mode; `mode` null unpins it. What is narrower is in force when this returns. Throws RegistryError `not_found`.
 */
export async function pinServer(
  parts: DiscoveryParts,
  actor: Actor,
  path: string,
  mode: PinMode | null,
): Promise<StoredServer> {
  const { value: server } = await parts.store.change(
    actor,
    mode === null ? 'tools.unpinned' : 'tools.pinned',
    async (tx) => {
      const found = await requireServer(tx, path);
      const before = await tx.pins.byServer(found.id);
      if (mode === null) await tx.pins.remove(found.id);
      else {
        const pin = before === undefined ? { pinnedAt: tx.now, pinnedBy: actor.name } : before;
        await tx.pins.put(found.id, { ...pin, mode });
        if (before === undefined) await tx.pins.approve(found.id, await tx.tools.byServer(found.id));
      }
      return { value: found, target: path, before: { mode: before?.mode ?? null }, after: { mode } };
    },
  );
  await parts.writeServer(server.id);
  parts.events.emit('tools.changed', { serverId: server.id, path });
  return server;
}

function stale(what: string): RegistryError {
  return new RegistryError('stale', `${what} changed since you looked at it`, {
    hint: 'Read the tools again, look at what changed, and approve that.',
  });
}

function choose(listed: readonly Approval[], input: ApproveInput): Approval[] {
  if (input.tools === undefined) return [...listed];
  return input.tools.map(({ name, hash }, index) => {
    const tool = listed.find((candidate) => candidate.name === name);
    if (tool === undefined)
      throw new RegistryError('invalid', `tools.${index}.name: the server lists no tool "${name}"`, {
        errors: [{ field: `tools.${index}.name`, message: 'there is no such tool in its list now' }],
      });
    if (hash !== undefined && hash !== tool.hash) throw stale(`the tool "${name}"`);
    return tool;
  });
}

/**
 * Approves tools of a pinned server as they are listed now: the named ones, or all (then those that are gone are forgotten too). A hash that
 * is given must still be the present one. Throws RegistryError `not_found`, `invalid` or `stale`.
 */
export async function approveTools(
  parts: DiscoveryParts,
  actor: Actor,
  path: string,
  input: ApproveInput,
): Promise<StoredServer> {
  const { value: server } = await parts.store.change(actor, 'tools.approved', async (tx) => {
    const found = await requireServer(tx, path);
    if ((await tx.pins.byServer(found.id)) === undefined)
      throw new RegistryError('invalid', `"${path}" is not pinned, so there is nothing to approve`, {
        hint: `Pin it first: PUT /api/servers/${encodeURIComponent(path)}/pin {"mode": "alert"}.`,
      });
    const listed = await tx.tools.byServer(found.id);
    if (
      input.snapshot !== undefined &&
      input.snapshot !== hashList(new Map(listed.map(({ name, hash }) => [name, hash])))
    )
      throw stale('the list of tools');
    const before = await tx.pins.approvals(found.id);
    const chosen = choose(listed, input);
    await tx.pins.approve(found.id, chosen);
    if (input.tools === undefined) {
      const names = new Set(listed.map(({ name }) => name));
      await tx.pins.forget(
        found.id,
        before.map(({ name }) => name).filter((name) => !names.has(name)),
      );
    }
    const old = hashesOf(before);
    const news = chosen.filter(({ name, hash }) => old[name] !== hash);
    return {
      value: found,
      target: path,
      before: Object.fromEntries(news.map(({ name }) => [name, old[name] ?? null])),
      after: hashesOf(news),
    };
  });
  await parts.writeServer(server.id);
  parts.events.emit('tools.changed', { serverId: server.id, path });
  return server;
}
