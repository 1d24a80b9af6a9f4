import { z } from 'zod';
import { isBridged, serverStatus, type ServerView } from '../../../contract/index.ts';
import { explainConfigFile } from '../../../gateway/index.ts';
import { describeError, RegistryError } from '../../../lib/errors.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'State of the registry';
const BRIDGE_TIMEOUT_MS = 1_000;

type HealthDeps = Pick<AppDeps, 'store' | 'publisher' | 'access' | 'servers' | 'configuration' | 'bridge'>;

const ready = z.object({
  status: z.literal('ready'),
  revision: z.int(),
  generation: z.int().nullable().describe('that NGINX was verified to serve'),
  published: z
    .boolean()
    .describe(
      'false: the last publish failed and an older generation serves; GET /health and GET /api/generations say why',
    ),
});
const health = z.object({
  status: z.enum(['healthy', 'degraded']),
  error: z.string().optional().describe('what is wrong; only for callers with a role'),
  servers: z
    .record(
      z.string(),
      z.object({
        status: serverStatus,
        running: z.boolean().describe('its last check got a response'),
        tools_cached: z.int(),
        last_checked_iso: z.string().nullable(),
      }),
    )
    .optional()
    .describe('by path; only for callers with a role'),
  backends: z
    .record(z.string(), z.object({ running: z.boolean(), restart_count: z.int(), tools_cached: z.int() }))
    .optional()
    .describe('the same in the format of other gateways; only for callers with a role'),
});

/** Throws `unavailable` naming what is missing. */
async function requireReady({ store, publisher, access }: HealthDeps): Promise<z.output<typeof ready>> {
  const revision = await store.meta.revision().catch((cause: unknown) => {
    throw new RegistryError('unavailable', `the database does not respond: ${describeError(cause)}`, { cause });
  });
  const overdue = access.files.overdue();
  if (overdue.length > 0)
    throw new RegistryError(
      'unavailable',
      `${overdue.length} access files could not be written yet, first access/${overdue[0] ?? ''}`,
      {
        hint: 'Free space in DATA_DIR, or make the user that runs mcpgw the owner of the folder again.',
      },
    );
  const { hasEndedOnce, problem } = publisher.progress();
  if (!hasEndedOnce)
    throw new RegistryError('unavailable', 'the first publish of this start has not ended yet', {
      hint: 'It begins as soon as NGINX runs and takes a second or so; the logs of both are in LOG_DIR.',
      retryAfterS: 1,
    });
  const current = await publisher.current();
  // After a failed publish an older generation serves, at least number 0: that is enough for the operator to open the UI and see the reason.
  if (current === null)
    throw new RegistryError('unavailable', 'no configuration of NGINX is verified to serve yet', {
      hint: 'GET /api/generations says why; the logs of NGINX are in LOG_DIR.',
      retryAfterS: 1,
    });
  return { status: 'ready', revision, generation: current.number, published: problem === null };
}

/** Why an older configuration than that of the database is live; undefined when none is. */
function explainUnpublished({ publisher }: HealthDeps): string | undefined {
  const problem = publisher.progress().problem;
  return problem === null ? undefined : `not published, the previous configuration is live: ${problem}`;
}

/** Liveness, readiness and the state of the servers. */
export function healthEndpoints(deps: HealthDeps): Endpoint[] {
  /** How often a program was restarted since the start of the bridge; a server at a URL is never started by this gateway. */
  async function countRestarts({ id, ...reached }: ServerView): Promise<number> {
    if (!isBridged(reached)) return 0;
    const status = await deps.bridge
      .status(id, { start: false, knownHash: null, timeoutMs: BRIDGE_TIMEOUT_MS })
      .catch(() => null);
    return Math.max(0, (status?.starts ?? 0) - 1);
  }
  async function summarise(): Promise<Pick<z.output<typeof health>, 'servers' | 'backends'>> {
    const all = await deps.servers.all();
    const restarts = new Map(
      await Promise.all(all.map(async (server) => [server.path, await countRestarts(server)] as const)),
    );
    const rows = all.map(({ path, status, health, toolCount, lastCheckedAt }) => {
      const common = { running: health === 'healthy' || health === 'degraded', tools_cached: toolCount };
      return { path, common, server: { status, ...common, last_checked_iso: lastCheckedAt } };
    });
    return {
      servers: Object.fromEntries(rows.map(({ path, server }) => [path, server])),
      backends: Object.fromEntries(
        rows.map(({ path, common }) => [path, { ...common, restart_count: restarts.get(path) ?? 0 }]),
      ),
    };
  }
  return [
    endpoint({
      method: 'get',
      path: '/healthz',
      tag: TAG,
      summary: 'The process is alive',
      access: 'public',
      answers: { 200: { description: 'Always, while it runs.', schema: z.object({ status: z.literal('alive') }) } },
      handle: () => Promise.resolve({ status: 200, body: { status: 'alive' } }),
    }),
    endpoint({
      method: 'get',
      path: '/readyz',
      tag: TAG,
      summary: 'The database responds and the data plane is verified',
      access: 'public',
      answers: { 200: { description: 'Ready; else 503 with the reason.', schema: ready } },
      handle: async () => ({ status: 200, body: await requireReady(deps) }),
    }),
    endpoint({
      method: 'get',
      path: '/health',
      tag: TAG,
      summary: 'State of the gateway and of its servers',
      access: 'optional',
      answers: {
        200: {
          description:
            'Healthy; or degraded: an older generation serves, since publishing failed, or the configuration file is not used.',
          schema: health,
        },
        503: { description: 'Not ready.', schema: health },
      },
      handle: async ({ caller }) => {
        const unready = await requireReady(deps).then(
          () => undefined,
          (thrown: unknown) => describeError(thrown),
        );
        const error =
          unready ?? explainUnpublished(deps) ?? explainConfigFile(deps.configuration.fileStatus()) ?? undefined;
        const summary = caller === null ? {} : await summarise();
        return {
          status: unready === undefined ? 200 : 503,
          body: {
            status: error === undefined ? 'healthy' : 'degraded',
            ...(caller !== null && error !== undefined && { error }),
            ...summary,
          },
        };
      },
    }),
  ];
}
