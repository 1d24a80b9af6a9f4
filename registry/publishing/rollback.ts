import { createHash } from 'node:crypto';
import { ACCESS_VERSION, type Actor } from '../contract/index.ts';
import { RegistryError } from '../errors.ts';
import { describeServed, type Machine, type RunOutcome } from './publish-run.ts';
import { rollOut } from './roll-out.ts';
import type { Rendering } from './route-plan.ts';
import { generationDir, readGeneration } from './stage.ts';
import { testConfig } from './test-config.ts';

const META_KEY = 'publishing.pin';

/** Which generation was rolled back to, and which servers there were then. */
interface Pin {
  number: number;
  /** Of the ids and revisions of all servers: another one means that a server was changed since. */
  digest: string;
}

function digestServers(servers: readonly { id: string; revision: number }[]): string {
  const list = servers.map(({ id, revision }) => `${id} ${revision}`).sort();
  return createHash('sha256').update(list.join('\n')).digest('hex');
}

/** Whether the gate of a generation reads the access files that this registry writes; an older one would refuse every call. */
function readsOurFiles(generation: Rendering): boolean {
  // Before it was Lua the gate stood in a file of another name.
  if (generation['gate.js'] !== undefined) return false;
  const gate = generation['gate.conf'];
  const found = /^GATE_SETTINGS = \{.*accessVersion = (\d+)/m.exec(gate ?? '');
  return gate === undefined || Number(found?.[1]) === ACCESS_VERSION;
}

/** The generation that was rolled back to and still stands, after a restart; null when there is none or a server changed since. */
export async function recallPin({ store, dataDir }: Pick<Machine, 'store' | 'dataDir'>): Promise<number | null> {
  const text = await store.meta.get(META_KEY);
  if (text === undefined || text === '') return null;
  const pin = JSON.parse(text) as Pin;
  const generation = await readGeneration(dataDir, pin.number);
  if (generation === null || !readsOurFiles(generation)) return null;
  return digestServers(await store.servers.all()) === pin.digest ? pin.number : null;
}

/** Forgets the rollback: what is in the database counts again. */
export async function removePin(store: Machine['store']): Promise<void> {
  await store.meta.put(META_KEY, '');
}

/** Writes down, as a change with its audit row, that a generation shall be served again. Throws RegistryError `not_found`, `conflict`. */
export async function recordRollback(
  machine: Machine,
  number: number,
  live: number | null,
  actor: Actor,
): Promise<void> {
  const { store, dataDir } = machine;
  const row = await store.generations.byNumber(number);
  if (row === undefined) throw new RegistryError('not_found', `there is no generation ${number}`);
  if (row.state === 'failed')
    throw new RegistryError('conflict', `generation ${number} never served: ${row.error ?? 'it failed'}`, {
      hint: 'Choose one whose state is "proven".',
    });
  const generation = await readGeneration(dataDir, number);
  if (generation === null)
    throw new RegistryError('not_found', `the files of generation ${number} are not kept any more`, {
      hint: 'The last 20 generations are kept.',
    });
  if (!readsOurFiles(generation))
    throw new RegistryError(
      'conflict',
      `the gate of generation ${number} is of an older mcpgw and would refuse every call`,
      {
        hint: 'It reads access files of another version. Choose a generation that was published since the upgrade.',
      },
    );
  await store.change(actor, 'generation.rolled_back', async (tx) => {
    const pin: Pin = { number, digest: digestServers(await tx.servers.all()) };
    await tx.meta.put(META_KEY, JSON.stringify(pin));
    return { value: null, target: `generation ${number}`, before: { generation: live }, after: { generation: number } };
  });
}

/** Makes NGINX serve an older generation again, tested and proven like a new one. */
export async function publishPinned(machine: Machine, number: number, live: number | null): Promise<RunOutcome> {
  const begun = performance.now();
  const outcome = async (current: number | null, problem: string | null): Promise<RunOutcome> => {
    const served = current === null ? null : await describeServed(machine, current);
    const revision = served?.revision ?? 0;
    return { live: served, revision, number, problem, tookMs: Math.round(performance.now() - begun) };
  };
  if (live === number) return outcome(number, null);
  await machine.drain.raise();
  await machine.ledger.makeRoom();
  const tested = await testConfig(machine.options.nginxBin, machine.runDir, generationDir(machine.dataDir, number));
  if (!tested.passed)
    return outcome(live, `generation ${number} does not pass NGINX's test any more: ${tested.output}`);
  await machine.drain.ripen();
  const rolled = await rollOut(machine, number, live);
  if (rolled.problem === null)
    await machine.store.generations.update(number, { state: 'proven', provenAt: new Date().toISOString() });
  return outcome(rolled.proven ? rolled.current : null, rolled.problem);
}
