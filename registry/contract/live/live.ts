import { z } from 'zod';
import { rejectedServer } from '../publishing/generation.ts';
import { serverView } from '../server/server.ts';
import { callFilter, callView } from '../api/call.ts';
import { callFigures } from '../api/stats.ts';

/**
 * One frame of `/ws`. `seq` only increases (it may skip numbers) and starts at any number. After a restart of the registry it starts at another one,
 * so that the reply to `?since=<the last seq seen>` is the later messages or, if they are not known, a new snapshot.
 */
const seq = z.int();

/** The generation that NGINX was last verified to serve. */
export const liveGeneration = z.object({ number: z.int(), revision: z.int(), rejected: z.array(rejectedServer) });

/** The traffic of the last hour. */
export const liveStats = callFigures;

export const liveMessage = z.discriminatedUnion('type', [
  /** First message, and again when the client fell too far behind: it replaces everything known before. */
  z.object({
    seq,
    type: z.literal('snapshot'),
    servers: z.array(serverView),
    generation: liveGeneration.nullable(),
    stats: liveStats,
  }),
  /** First message after `?since=`: what was known before remains valid, all later changes follow. */
  z.object({ seq, type: z.literal('resumed') }),
  /** The whole server as it is now; new ones too. */
  z.object({ seq, type: z.literal('server.changed'), server: serverView }),
  /** A check found a server unchanged. (A client that reconnects with `?since=` gets `server.changed` instead.) */
  z.object({
    seq,
    type: z.literal('server.checked'),
    serverId: z.string(),
    path: z.string(),
    ...serverView.pick({ lastCheckedAt: true, latencyMs: true }).shape,
  }),
  z.object({ seq, type: z.literal('server.removed'), serverId: z.string(), path: z.string() }),
  /** The tools of a server have changed: fetch them again if they are shown. */
  z.object({ seq, type: z.literal('tools.changed'), serverId: z.string(), path: z.string() }),
  /** A kill switch was set or lifted: fetch GET /api/kill again. */
  z.object({ seq, type: z.literal('kills.changed') }),
  /** Agents, groups, keys or grants have changed: fetch them again if they are shown. */
  z.object({ seq, type: z.literal('agents.changed') }),
  /** Limits of an agent or group, by name, or of a server, by path, have changed. */
  z.object({ seq, type: z.literal('limits.changed'), scope: z.enum(['agent', 'group', 'server']), name: z.string() }),
  /** Settings have changed that can be changed while the gateway is running: fetch GET /api/settings again if they are shown. */
  z.object({ seq, type: z.literal('settings.changed') }),
  /** Something is wrong with the gateway itself, or no longer: fetch GET /api/gateway again. */
  z.object({ seq, type: z.literal('gateway.changed') }),
  z.object({ seq, type: z.literal('generation.published'), generation: liveGeneration }),
  z.object({
    seq,
    type: z.literal('generation.failed'),
    number: z.int(),
    revision: z.int(),
    error: z.string(),
  }),
  z.object({ seq, type: z.literal('stats.changed'), stats: liveStats }),
  /** Calls that the client follows, oldest first, and how many more there were. Not repeated after `?since=`. */
  z.object({ seq, type: z.literal('calls.stored'), calls: z.array(callView), omitted: z.int() }),
  /** Why a `calls.follow` was not accepted. */
  z.object({ seq, type: z.literal('calls.rejected'), detail: z.string() }),
  /** Nothing happened for a while; browsers do not see WebSocket pings. */
  z.object({ seq, type: z.literal('heartbeat') }),
]);

/** The only message of a client: which calls it wants to see as they are stored; null: none. */
export const callFollow = z.strictObject({ type: z.literal('calls.follow'), filter: callFilter.nullable() });

export type LiveGeneration = z.infer<typeof liveGeneration>;
export type LiveStats = z.infer<typeof liveStats>;
export type LiveMessage = z.infer<typeof liveMessage>;
