import { z } from 'zod';
import { serverStatus } from '../../../contract/index.ts';
import { describeError, RegistryError } from '../../../errors.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'State of the registry';

type HealthDeps = Pick<AppDeps, 'store' | 'publisher' | 'access' | 'servers' | 'configuration'>;

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
        running: z.boolean().describe('its last check got an answer'),
        tools_cached: z.int(),
        last_checked_iso: z.string().nullable(),
      }),
    )
    .optional()
    .describe('by path; only for callers with a role'),
});

/** Throws `unavailable` naming what is missing. */
async function requireReady({ store, publisher, access }: HealthDeps): Promise<z.output<typeof ready>> {
  const revision = await store.meta.revision().catch((cause: unknown) => {
    throw new RegistryError('unavailable', `the database does not answer: ${describeError(cause)}`, { cause });
  });
  const overdue = access.files.overdue();
  if (overdue.length > 0)
    throw new RegistryError(
      'unavailable',
      `${overdue.length} access files could not be written yet, first access/${overdue[0] ?? ''}`,
      {
        hint: 'Free space in DATA_DIR or give the folder back to the user that runs mcpgw.',
      },
    );
  const { hasEndedOnce, problem } = publisher.progress();
  if (!hasEndedOnce)
    throw new RegistryError('unavailable', 'the first publish of this start has not ended yet', {
      hint: 'It begins as soon as NGINX runs and takes a second or so; the logs of both are in LOG_DIR.',
      retryAfterS: 1,
    });
  const current = await publisher.current();
  // An older generation serves after a failed publish, were it only number 0: that is enough for the operator to come in and see why.
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

/** What is wrong with the configuration file; undefined: nothing. */
function explainConfigFile({ configuration }: HealthDeps): string | undefined {
  const { file, problems } = configuration.fileStatus();
  const [first] = problems;
  if (first === undefined) return undefined;
  const place = first.line === undefined ? file : `${file}:${first.line}:${first.column}`;
  return `${place}: ${first.field === '' ? '' : `${first.field}: `}${first.message}`;
}

/** Liveness, readiness and the state of the servers. */
export function healthEndpoints(deps: HealthDeps): Endpoint[] {
  async function summarise(): Promise<z.output<typeof health>['servers']> {
    const servers = await deps.servers.all();
    return Object.fromEntries(
      servers.map(({ path, status, health, toolCount, lastCheckedAt }) => [
        path,
        {
          status,
          running: health === 'healthy' || health === 'degraded',
          tools_cached: toolCount,
          last_checked_iso: lastCheckedAt,
        },
      ]),
    );
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
      summary: 'The database answers and the data plane is verified',
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
        const error = unready ?? explainUnpublished(deps) ?? explainConfigFile(deps);
        const servers = caller === null ? undefined : await summarise();
        return {
          status: unready === undefined ? 200 : 503,
          body: {
            status: error === undefined ? 'healthy' : 'degraded',
            ...(caller !== null && error !== undefined && { error }),
            ...(servers !== undefined && { servers }),
          },
        };
      },
    }),
  ];
}
