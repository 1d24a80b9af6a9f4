import { z } from 'zod';
import { serverChange, type ServerChange, type ServerView } from '../../contract/index.ts';
import type { Answer, Reply } from './endpoint.ts';
import type { ServerChanged } from '../../servers/index.ts';
import type { AppDeps } from '../app-deps.ts';

/** Longer than publishing may take when workers drain; then the answer says "pending" and the caller may poll. */
const WAIT_MS = 30_000;

/** Query of every change of a server. */
export const waitQuery = z.object({
  wait: z
    .enum(['true', 'false'])
    .default('true')
    .describe('false: answer 202 at once instead of when the data plane serves the change'),
});

/** The answers of every change of a server beside `status`. */
export function changeAnswers(status: number, description: string): Record<number, Answer> {
  return {
    [status]: {
      description: `${description} \`applied\` says whether NGINX was verified to serve it.`,
      schema: serverChange,
    },
    202: {
      description: 'Stored; the data plane does not serve it yet. `pendingRevision` says what to poll for.',
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
 * Answers a change of a server when the data plane serves it or has given up on it; at once with `?wait=false`. What changed nothing is
 * mostly served already, and is answered with that either way.
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
  // Read once more: what NGINX serves and what the probe saw changed while we waited.
  const now = server.removedAt === null ? await deps.servers.get(server.path).catch(() => server) : server;
  return { ...reply, status, body: describeChange(now, changed, outcome) };
}
