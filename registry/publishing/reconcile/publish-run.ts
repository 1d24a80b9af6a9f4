import { createHash } from 'node:crypto';
import type { SetAside } from '../../contract/index.ts';
import { describeError } from '../../errors.ts';
import type { StoredServer } from '../../store/index.ts';
import type { DrainFlag } from '../reload/drain-flag.ts';
import { findPassing, type Attempt } from '../generations/find-valid-servers.ts';
import type { Live } from './live-state.ts';
import { listTargets } from '../dns/list-targets.ts';
import { planRoutes, type Planned } from '../plan/plan-routes.ts';
import type { PublisherOptions, PublisherParts } from '../publisher-deps.ts';
import type { Rejections } from '../generations/rejections.ts';
import type { NameResolver } from '../dns/resolve-names.ts';
import { rollOut, type RollOutParts } from '../reload/roll-out.ts';
import type { NginxFacts, Rendering } from '../plan/route-plan.ts';
import { attributeFailure, quoteNginx } from '../generations/server-block.ts';
import { dropGeneration, listGenerationDirs, stageGeneration } from '../generations/stage.ts';
import { testConfig } from '../generations/test-config.ts';

/** What one run works with. */
export interface Machine extends RollOutParts, Pick<PublisherParts, 'store' | 'logger' | 'render' | 'gateBundle'> {
  options: PublisherOptions;
  facts: NginxFacts;
  resolver: NameResolver;
  rejections: Rejections;
  drain: DrainFlag;
}

export interface RunRequest {
  cause: string;
  /** What NGINX serves, or null when that is not known: then equal bytes are published all the same. */
  live: Live | null;
  /** Why the run before failed, or null: the same failure is not recorded twice. */
  lastProblem: string | null;
  /** Try servers again that were set aside by NGINX's test. */
  retry: boolean;
}

export interface RunOutcome {
  live: Live | null;
  revision: number;
  /** The generation that was made, if any. */
  number: number | null;
  /** Null when `live` renders `revision` and is proven. */
  problem: string | null;
  tookMs: number;
}

interface Passed {
  planned: Planned;
  fingerprint: string;
  output: string;
  /** `equal`: the bytes are those that NGINX serves already; `waited`: changes may have gathered, so that the plan is to be made anew. */
  state: 'new' | 'equal' | 'waited';
}

/** Everything that publishing reads of the database, of one moment. */
export async function readSnapshot(
  store: Machine['store'],
): Promise<{ revision: number; servers: readonly StoredServer[]; last: number }> {
  return store.together(async (rows) => ({
    revision: await rows.meta.revision(),
    servers: await rows.servers.all(),
    last: await rows.generations.lastNumber(),
  }));
}

/** SHA-256 of a rendering; equal for equal bytes. The renderings compared have the number 0, so that only content counts. */
export function fingerprintOf(rendering: Rendering): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(rendering).sort()) hash.update(`${name}\0${rendering[name] ?? ''}\0`);
  return hash.digest('hex');
}

const MOST_TESTS = 60;

/** Plans, renders, stages and tests until something passes; what stands in the folder of `number` then is what passed. */
async function prepare(
  machine: Machine,
  request: RunRequest,
  servers: readonly StoredServer[],
  number: number,
  makeRoom: () => Promise<boolean>,
) {
  const { options, resolver, facts, gateBundle, render, rejections } = machine;

  async function attempt(rejected: ReadonlyMap<string, string>): Promise<Attempt<Passed>> {
    const planned = planRoutes({
      gateway: options.gateway,
      servers,
      addressOf: (host, port) => resolver.addressOf(host, port),
      rejected,
    });
    let rendering: Rendering;
    let fingerprint: string;
    try {
      fingerprint = fingerprintOf(render(planned.plan, facts, 0, gateBundle));
      if (fingerprint === request.live?.fingerprint)
        return { passed: { planned, fingerprint, output: '', state: 'equal' }, culprit: null, words: '' };
      rendering = render(planned.plan, facts, number, gateBundle);
    } catch (error) {
      const serverId = (error as { serverId?: unknown }).serverId;
      const message = describeError(error);
      const culprit = typeof serverId === 'string' ? { serverId, message } : null;
      return { passed: null, culprit, words: message };
    }
    if (await makeRoom())
      return { passed: { planned, fingerprint, output: '', state: 'waited' }, culprit: null, words: '' };
    if (!request.retry) await machine.drain.raise();
    const folder = await stageGeneration(machine.dataDir, number, rendering);
    const { passed, output } = await testConfig(options.nginxBin, machine.runDir, folder);
    if (passed) return { passed: { planned, fingerprint, output, state: 'new' }, culprit: null, words: '' };
    return { passed: null, culprit: attributeFailure(output, rendering), words: quoteNginx(output) };
  }

  return findPassing({
    serverIds: servers.filter((server) => server.enabled).map(({ id }) => id),
    rejected: request.retry ? new Map<string, string>() : rejections.of(servers),
    attempt,
    most: MOST_TESTS,
  });
}

async function record(machine: Machine, request: RunRequest, number: number, revision: number, passed: Passed) {
  await machine.store.generations.add({
    number,
    state: 'staged',
    revision,
    servers: passed.planned.plan.servers.filter((server) => server.instances.length > 0).length,
    setAside: passed.planned.setAside,
    cause: request.cause,
    error: null,
    nginxOutput: passed.output,
    fingerprint: passed.fingerprint,
    createdAt: new Date().toISOString(),
    provenAt: null,
    tookMs: null,
  });
}

async function recordRefused(machine: Machine, request: RunRequest, number: number, revision: number, problem: string) {
  await machine.store.generations.add({
    number,
    state: 'failed',
    revision,
    servers: 0,
    setAside: [],
    cause: request.cause,
    error: problem,
    nginxOutput: problem,
    fingerprint: '',
    createdAt: new Date().toISOString(),
    provenAt: null,
    tookMs: null,
  });
}

async function confirmEqual(machine: Machine, live: Live, revision: number, setAside: SetAside[]): Promise<Live> {
  const row = await machine.store.generations.byNumber(live.number);
  const provenAt = row?.provenAt ?? new Date().toISOString();
  await machine.store.generations.update(live.number, { revision, setAside, state: 'proven', provenAt });
  return { ...live, revision, setAside };
}

/** One publishing run: from the database to what NGINX is proven to serve. Throws only what its callers cannot be told in an outcome. */
export async function publishOnce(machine: Machine, request: RunRequest): Promise<RunOutcome> {
  const { store, dataDir, ledger, resolver, rejections } = machine;
  const begun = performance.now();
  let snapshot = await readSnapshot(store);
  const outcome = (rest: Pick<RunOutcome, 'live' | 'problem' | 'number'>): RunOutcome => ({
    ...rest,
    revision: snapshot.revision,
    tookMs: Math.round(performance.now() - begun),
  });
  const nextNumber = async () => Math.max(snapshot.last, (await listGenerationDirs(dataDir)).at(-1) ?? 0) + 1;
  let roomMade = false;
  const makeRoom = async () => {
    if (roomMade) return false;
    roomMade = true;
    return ledger.makeRoom();
  };
  const prepareNow = async () => {
    await resolver.resolve(listTargets(snapshot.servers));
    number = await nextNumber();
    return prepare(machine, request, snapshot.servers, number, makeRoom);
  };
  let number = 0;
  let found = await prepareNow();
  if (found.passed?.state === 'waited') {
    snapshot = await readSnapshot(store);
    found = await prepareNow();
  }
  rejections.keep(snapshot.servers, found.rejected);
  if (found.passed === null) {
    await dropGeneration(dataDir, number);
    const problem = `no configuration passes NGINX's test: ${found.words}`;
    if (problem !== request.lastProblem) await recordRefused(machine, request, number, snapshot.revision, problem);
    return outcome({ live: request.live, number: null, problem });
  }
  const { passed } = found;
  const { setAside } = passed.planned;
  if (passed.state === 'equal' && request.live !== null) {
    await dropGeneration(dataDir, number);
    const live = await confirmEqual(machine, request.live, snapshot.revision, setAside);
    return outcome({ live, number: null, problem: null });
  }
  await record(machine, request, number, snapshot.revision, passed);
  await machine.drain.raise();
  await machine.drain.ripen();
  const rolled = await rollOut(machine, number, request.live?.number ?? null);
  const tookMs = Math.round(performance.now() - begun);
  if (rolled.problem === null) {
    // It serves, whatever becomes of its record; the next publish or start sets that right.
    await store.generations
      .update(number, { state: 'proven', provenAt: new Date().toISOString(), tookMs })
      .catch((error: unknown) =>
        machine.logger.warn({ err: error }, `generation ${number} serves but is not recorded`),
      );
    const { fingerprint } = passed;
    return outcome({ live: { number, revision: snapshot.revision, fingerprint, setAside }, number, problem: null });
  }
  await store.generations.update(number, { state: 'failed', error: rolled.problem, tookMs });
  const before = rolled.proven ? await describeServed(machine, rolled.current) : null;
  return outcome({ live: before, number, problem: rolled.problem });
}

/** What is known of a generation that NGINX serves; null when nothing is. */
export async function describeServed(machine: Machine, number: number): Promise<Live | null> {
  const row = await machine.store.generations.byNumber(number);
  if (row === undefined) return null;
  return { number, revision: row.revision, fingerprint: row.fingerprint, setAside: row.setAside };
}
