import { createHash } from 'node:crypto';
import { ACCESS_VERSION, type Actor, type GatewayView } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { Rendering } from '../plan/route-plan.ts';
import type { PublishContext } from '../publish-context.ts';
import type { StepEvent } from '../reconcile/events.ts';
import { describeGeneration } from './record.ts';
import { generationDir, readGeneration } from './stage.ts';
import { testConfig } from './test-config.ts';

type RollbackContext = Pick<PublishContext, 'store' | 'dataDir'>;

const META_KEY = 'publishing.rollback';

/** Which generation was rolled back to, and which servers existed then. */
interface StoredRollback {
  number: number;
  /** Digest of the ids and revisions of all servers: a different one means that a server was changed since. */
  digest: string;
  /** Absent if stored by a version before these fields. */
  reason?: string | null;
  by?: string;
  at?: string;
}

function digestServers(servers: readonly { id: string; revision: number }[]): string {
  const list = servers.map(({ id, revision }) => `${id} ${revision}`).sort();
  return createHash('sha256').update(list.join('\n')).digest('hex');
}

/** Whether the gate of a generation reads the access files that this registry writes; an older one would refuse every call. */
function readsAccessFiles(generation: Rendering): boolean {
  // Before the gate was Lua, its file had another name.
  if (generation['gate.js'] !== undefined) return false;
  const gate = generation['gate.conf'];
  const found = /^GATE_SETTINGS = \{.*accessVersion = (\d+)/m.exec(gate ?? '');
  return gate === undefined || Number(found?.[1]) === ACCESS_VERSION;
}

/** The generation that was rolled back to before a restart; null when there is none, when a server changed since, or when it cannot serve. */
export async function readRollback({ store, dataDir }: RollbackContext): Promise<number | null> {
  const text = await store.meta.get(META_KEY);
  if (text === undefined || text === '') return null;
  const { number, digest } = JSON.parse(text) as StoredRollback;
  const generation = await readGeneration(dataDir, number);
  if (generation === null || !readsAccessFiles(generation)) return null;
  return digestServers(await store.servers.all()) === digest ? number : null;
}

/** The record of the rollback to generation `number`: who, when and why. */
export async function describeRollback(
  { store }: Pick<RollbackContext, 'store'>,
  number: number,
): Promise<GatewayView['rollback']> {
  const text = await store.meta.get(META_KEY);
  const stored = text === undefined || text === '' ? undefined : (JSON.parse(text) as StoredRollback);
  const { reason = null, by = null, at = null } = stored?.number === number ? stored : {};
  return { generation: number, reason, by, at };
}

/** Deletes the stored rollback: the database is published again. */
export async function clearRollback(store: PublishContext['store']): Promise<void> {
  await store.meta.put(META_KEY, '');
}

async function requireServable({ store, dataDir }: RollbackContext, number: number): Promise<void> {
  const row = await store.generations.byNumber(number);
  if (row === undefined) throw new RegistryError('not_found', `There is no generation ${number}`);
  if (row.state === 'failed')
    throw new RegistryError('conflict', `Generation ${number} was never live: ${row.error ?? 'it failed'}`, {
      hint: 'Choose one whose state is "verified".',
    });
  const generation = await readGeneration(dataDir, number);
  if (generation === null)
    throw new RegistryError('not_found', `The files of generation ${number} were removed`, {
      hint: 'The last 20 generations are stored.',
    });
  if (!readsAccessFiles(generation))
    throw new RegistryError(
      'conflict',
      `The gate of generation ${number} was built by an older mcpgw and would refuse every call`,
      {
        hint: 'It reads access files of another version. Choose a generation that was published since the upgrade.',
      },
    );
}

/** Records, as a change with its audit row, that a generation is to be served again. Throws RegistryError `not_found`, `conflict`. */
export async function recordRollback(
  context: RollbackContext,
  number: number,
  { live, actor, reason }: { live: number | null; actor: Actor; reason: string | null },
): Promise<void> {
  await requireServable(context, number);
  await context.store.change(actor, 'generation.rolled_back', async (tx) => {
    const [digest, at] = [digestServers(await tx.servers.all()), new Date().toISOString()];
    const rollback: StoredRollback = { number, digest, reason, by: actor.name, at };
    await tx.meta.put(META_KEY, JSON.stringify(rollback));
    const after = { generation: number, ...(reason !== null && { reason }) };
    return { value: null, target: `generation ${number}`, before: { generation: live }, after };
  });
}

/** Tests an older generation like a new one before it is activated. Throws if it is not recorded. */
export async function testRollback(context: PublishContext, number: number): Promise<StepEvent> {
  const { store, dataDir, runDir, options } = context;
  const staged = await describeGeneration(store, number);
  if (staged === null) throw new RegistryError('not_found', `There is no generation ${number}`);
  await context.drainFlag.raise();
  const { passed, output, tookMs } = await testConfig(options.nginxBin, runDir, generationDir(dataDir, number));
  context.drainFlag.noteTest(tookMs);
  const problem = passed ? null : `Generation ${number} does not pass NGINX's test any more: ${output}`;
  return { type: 'rollbackTested', staged, problem };
}
