import { createHash } from 'node:crypto';
import { META_SERVER_ID, type RejectedServer } from '../../contract/index.ts';
import { describeError } from '../../lib/errors.ts';
import type { StoredServer } from '../../store/index.ts';
import { listTargets } from '../dns/list-targets.ts';
import { findValidServers, type Attempt } from '../generations/find-valid-servers.ts';
import { recordRefused, recordStaged, recordUnchanged } from '../generations/record.ts';
import { recordRejections, selectRejections } from '../generations/rejections.ts';
import { attributeFailure, quoteNginx } from '../generations/server-block.ts';
import { dropGeneration, listGenerationDirs, stageGeneration } from '../generations/stage.ts';
import { testConfig } from '../generations/test-config.ts';
import { planRoutes, type Planned } from '../plan/plan-routes.ts';
import type { Rendering } from '../plan/route-plan.ts';
import type { PublishContext } from '../publish-context.ts';
import type { PrepareRequest } from './effects.ts';
import type { StepEvent } from './events.ts';

interface Passed {
  planned: Planned;
  fingerprint: string;
  /** Output of NGINX's test. */
  output: string;
  /** `unchanged`: the bytes are those that NGINX already serves; `full`: the maximum number of generations is draining. */
  state: 'new' | 'unchanged' | 'full';
}

export interface Snapshot {
  revision: number;
  servers: readonly StoredServer[];
  lastNumber: number;
}

/** Everything that publishing reads from the database, in one transaction. */
export async function readSnapshot(store: PublishContext['store']): Promise<Snapshot> {
  return store.transaction(async (rows) => ({
    revision: await rows.meta.revision(),
    servers: await rows.servers.all(),
    lastNumber: await rows.generations.lastNumber(),
  }));
}

/** SHA-256 of a rendering; equal for equal bytes. Compared renderings have the number 0, so that only their content matters. */
export function fingerprintOf(rendering: Rendering): string {
  const hash = createHash('sha256');
  for (const name of Object.keys(rendering).sort()) hash.update(`${name}\0${rendering[name] ?? ''}\0`);
  return hash.digest('hex');
}

const MAX_TESTS = 60;

/** Servers that were already rejected keep their `since`. */
function addSince(rejected: readonly RejectedServer[], before: readonly RejectedServer[]): RejectedServer[] {
  const now = new Date().toISOString();
  const sinceOf = new Map(before.map(({ serverId, since }) => [serverId, since]));
  return rejected.map((server) => ({ ...server, since: sinceOf.get(server.serverId) ?? now }));
}

/** Plans, renders, stages and tests until a configuration passes; the folder of `number` then contains it. */
async function stageValid(context: PublishContext, request: PrepareRequest, snapshot: Snapshot, number: number) {
  const { options, resolver, gateBundle, render, ledger } = context;
  const { servers } = snapshot;
  const facts = context.readFacts();
  const tls = await context.planServerTls(servers);
  let { isRoomMade } = request;
  const pass = (passed: Passed): Attempt<Passed> => ({ passed, culprit: null, message: '' });

  async function attempt(rejected: ReadonlyMap<string, string>): Promise<Attempt<Passed>> {
    const planned = planRoutes({
      gateway: context.planGateway(),
      servers,
      tls,
      addressOf: (host, port) => resolver.addressOf(host, port),
      rejected,
    });
    let rendering: Rendering;
    let fingerprint: string;
    try {
      fingerprint = fingerprintOf(render(planned.plan, facts, 0, gateBundle));
      if (fingerprint === request.live?.fingerprint)
        return pass({ planned, fingerprint, output: '', state: 'unchanged' });
      rendering = render(planned.plan, facts, number, gateBundle);
    } catch (error) {
      const serverId = (error as { serverId?: unknown }).serverId;
      const message = describeError(error);
      const culprit = typeof serverId === 'string' ? { serverId, message } : null;
      return { passed: null, culprit, message };
    }
    if (!isRoomMade && (await ledger.isFull())) return pass({ planned, fingerprint, output: '', state: 'full' });
    isRoomMade = true;
    if (!request.isRetry) await context.drainFlag.raise();
    const folder = await stageGeneration(context.dataDir, number, rendering);
    const { passed, output, tookMs } = await testConfig(options.nginxBin, context.runDir, folder);
    context.drainFlag.noteTest(tookMs);
    if (passed) return pass({ planned, fingerprint, output, state: 'new' });
    return { passed: null, culprit: attributeFailure(output, rendering), message: quoteNginx(output) };
  }

  return findValidServers({
    serverIds: servers.filter((server) => server.enabled).map(({ id }) => id),
    rejected: request.isRetry ? new Map<string, string>() : selectRejections(request.rejections, servers),
    attempt,
    maxAttempts: MAX_TESTS,
  });
}

/**
 * Creates a generation from the database that passes NGINX's test and records it as staged, or finds that none is needed or possible.
 * Throws the error of the database or the file system; then the served generation is unchanged.
 */
export async function prepare(context: PublishContext, request: PrepareRequest): Promise<StepEvent> {
  const { store, dataDir, resolver } = context;
  const snapshot = await readSnapshot(store);
  const { revision, servers } = snapshot;
  const targets = listTargets(servers);
  await resolver.resolve(targets);
  resolver.track(targets);
  const number = Math.max(snapshot.lastNumber, (await listGenerationDirs(dataDir)).at(-1) ?? 0) + 1;
  const found = await stageValid(context, request, snapshot, number);
  if (found.passed?.state === 'full') return { type: 'drainLimitReached' };
  const rejections = recordRejections(servers, found.rejected);
  const { cause } = request;
  if (found.passed === null) {
    await dropGeneration(dataDir, number);
    const problem = `No configuration passes NGINX's test: ${found.message}`;
    if (problem !== request.lastProblem) await recordRefused(store, { number, revision, cause, problem });
    return { type: 'refused', revision, problem, rejections };
  }
  const { planned, fingerprint, output, state } = found.passed;
  const rejected = addSince(planned.rejected, request.live?.rejected ?? []);
  if (state === 'unchanged' && request.live !== null) {
    await dropGeneration(dataDir, number);
    await recordUnchanged(store, request.live.number, { revision, rejected });
    return { type: 'unchanged', revision, rejected, rejections };
  }
  const routed = planned.plan.servers.filter(
    ({ id, instances }) => id !== META_SERVER_ID && instances.length > 0,
  ).length;
  const staged = { number, revision, fingerprint, rejected };
  await recordStaged(store, { ...staged, servers: routed, cause, nginxOutput: output });
  return { type: 'staged', staged, rejections };
}
