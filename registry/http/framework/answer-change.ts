import { z } from 'zod';
import { serverChange, type ServerChange, type ServerView } from '../../contract/index.ts';
import type { Answer, Reply } from './endpoint.ts';
import type { ServerChanged } from '../../servers/index.ts';
import type { AppDeps } from '../app-deps.ts';

/** Publishing may take longer when workers drain: then the response contains `pendingRevision` and the caller may poll. */
const WAIT_MS = 30_000;

/** Query of every change of a server. */
export const waitQuery = z.object({
  wait: z
    .enum(['true', 'false'])
    .default('true')
    .describe('false: answer 202 at once instead of when the data plane serves the change'),
});

/** The responses of every change of a server: `status` and 202. */
export function changeAnswers(status: number, description: string): Record<number, Answer> {
  return {
    [status]: {
      description: `${description} \`applied\` reports whether NGINX was verified to serve it.`,
      schema: serverChange,
    },
    202: {
      description: 'Stored; the data plane does not serve it yet. `pendingRevision` is the revision to poll for.',
      schema: serverChange,
    },
  };
}

function describeChange(
  server: ServerView,
  { droppedHeaders }: ServerChanged,
  outcome: { applied: boolean; generation: number | null; error: string | null },
): ServerChange {
  const { applied, generation } = outcome;
  const dropped = droppedHeaders.length === 0 ? {} : { droppedHeaders };
  return { ...server, applied, generation, error: server.error ?? outcome.error, ...dropped };
}

async function waitUntilLive(
  { publisher }: Pick<AppDeps, 'publisher'>,
  { server, revision }: ServerChanged,
  limitMs: number,
) {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), limitMs);
  });
  try {
    return await Promise.race([publisher.whenLive(revision, server.id), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Responds to a change of a server when the data plane serves it or has failed to; at once with `?wait=false`. A change without effect is
 * usually served already, and gets that response in both cases.
 */
export async function answerChange(
  deps: Pick<AppDeps, 'servers' | 'publisher'>,
  status: number,
  changed: ServerChanged,
  wait: 'true' | 'false',
  headers: Record<string, string> = {},
): Promise<Reply> {
  const limitMs = wait === 'true' ? WAIT_MS : 0;
  const outcome = wait === 'false' && changed.changed ? null : await waitUntilLive(deps, changed, limitMs);
  const { server, revision } = changed;
  const reply = { revision: server.revision, headers };
  if (outcome === null)
    return {
      ...reply,
      status: 202,
      body: {
        ...describeChange(server, changed, { applied: false, generation: null, error: null }),
        pendingRevision: revision,
      },
    };
  // Read again: the state that NGINX serves and the result of the probe changed during the wait.
  const now = server.removedAt === null ? await deps.servers.get(server.path).catch(() => server) : server;
  return { ...reply, status, body: describeChange(now, changed, outcome) };
}
