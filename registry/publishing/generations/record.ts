import type { RejectedServer } from '../../contract/index.ts';
import type { StoredGeneration } from '../../store/index.ts';
import type { PublisherDeps } from '../publisher-deps.ts';
import type { Live } from '../reconcile/state.ts';

type GenerationStore = Pick<PublisherDeps['store'], 'generations'>;

/** Fields that are unknown when a generation is first recorded. */
export const UNDECIDED = { error: null, verifiedAt: null, tookMs: null };

/** Records a generation that passed NGINX's test. */
export async function recordStaged(
  store: GenerationStore,
  staged: Pick<
    StoredGeneration,
    'number' | 'revision' | 'servers' | 'rejected' | 'cause' | 'nginxOutput' | 'fingerprint'
  >,
): Promise<void> {
  await store.generations.add({ ...UNDECIDED, ...staged, state: 'staged', createdAt: new Date().toISOString() });
}

/** Records that no configuration passed NGINX's test. */
export async function recordRefused(
  store: GenerationStore,
  refused: { number: number; revision: number; cause: string; problem: string },
): Promise<void> {
  const { problem, ...rest } = refused;
  await store.generations.add({
    ...UNDECIDED,
    ...rest,
    state: 'failed',
    servers: 0,
    rejected: [],
    error: problem,
    nginxOutput: problem,
    fingerprint: '',
    createdAt: new Date().toISOString(),
  });
}

/** Records that the served generation is also the rendering of a newer revision. */
export async function recordUnchanged(
  store: GenerationStore,
  number: number,
  now: { revision: number; rejected: RejectedServer[] },
): Promise<void> {
  const row = await store.generations.byNumber(number);
  const verifiedAt = row?.verifiedAt ?? new Date().toISOString();
  await store.generations.update(number, { ...now, state: 'verified', verifiedAt });
}

/** Records that NGINX was verified to serve a generation; `tookMs`: duration since its run began. */
export async function recordVerified(store: GenerationStore, number: number, tookMs?: number): Promise<void> {
  const took = tookMs === undefined ? {} : { tookMs };
  await store.generations.update(number, { state: 'verified', verifiedAt: new Date().toISOString(), ...took });
}

/** The record of a generation that NGINX serves; null if there is none. */
export async function describeGeneration(store: GenerationStore, number: number): Promise<Live | null> {
  const row = await store.generations.byNumber(number);
  if (row === undefined) return null;
  return { number, revision: row.revision, fingerprint: row.fingerprint, rejected: row.rejected };
}
