import { z } from 'zod';
import { agentName } from '../access/agent.ts';
import { serverPath } from '../server/path.ts';

/** The time range of `GET /api/stats`: the last 60 minutes, 24 hours or 7 days. */
export const statsRange = z.enum(['hour', 'day', 'week']);
export const statsQuery = z.object({
  range: statsRange.default('hour'),
  server: serverPath.optional(),
  agent: agentName.optional(),
  tool: z.string().max(200).optional().describe('name in a tools/call'),
});

/**
 * Counts of one slice of the traffic. A *call* is one `tools/call`; every other HTTP request (initialize, tools/list, streams …) counts
 * in `requests` only.
 */
export const callCounts = z.object({
  requests: z.int().describe('HTTP requests that reached the gateway'),
  calls: z.int().describe('tools/call that were let through'),
  errors: z
    .int()
    .describe(
      'calls with a status of 400 or above, and other requests with 500 or above; tool results with isError are not errors',
    ),
  toolErrors: z
    .int()
    .describe('calls whose result has isError, of servers whose recording has toolErrors; unknown for the others'),
  refused: z.int().describe('requests that the gate refused'),
  lastCallAt: z.string().nullable().describe('when a call ended last, ISO 8601'),
  firstRefusedAt: z
    .string()
    .nullable()
    .describe('when the gate first refused a request in the range, exact to a step, ISO 8601; null: none was'),
});
/** Counts and how long calls took; percentiles are read from a histogram with steps of 19 %, so they are exact to about 10 %. */
export const callFigures = callCounts.extend({ p50Ms: z.number().nullable(), p95Ms: z.number().nullable() });

export const statsView = z.object({
  range: statsRange,
  server: z.string().nullable(),
  agent: z.string().nullable().describe('durations are not stored by agent: with an agent, percentiles are null'),
  tool: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  totals: callFigures,
  /** Length of one step of `points`: a minute for the range `hour`, otherwise an hour. */
  stepS: z.int(),
  /** One entry for each step from `from` to `to`, also where nothing happened. */
  points: z.array(callCounts.omit({ lastCallAt: true, firstRefusedAt: true }).extend({ at: z.string() })),
  /** The most called tools, most calls first, at most 20. */
  tools: z.array(callFigures.extend({ server: z.string(), tool: z.string() })),
  /** The most errors and refusals: of a tool, or of a server if `tool` is ''; at most 20. */
  failing: z.array(callCounts.extend({ server: z.string(), tool: z.string() })),
  /** The busiest servers, at most 20. */
  servers: z.array(callFigures.extend({ server: z.string() })),
  /** The busiest agents, at most 20. */
  agents: z.array(callCounts.extend({ agent: z.string() })),
  /** Lines of calls.log that could not be read, since counting began. */
  brokenLines: z.int(),
});

/** Each server that was called in a range. */
export const serverStats = z.object({ items: z.array(callFigures.extend({ server: z.string() })) });
/** Each agent that sent a request in a range. */
export const agentStats = z.object({ items: z.array(callCounts.extend({ agent: z.string() })) });

/** Servers minute by minute in the last hour, oldest first; a minute in which the registry did not run is left out. */
export const serverTrend = z.object({
  points: z.array(
    z.object({
      at: z.string(),
      servers: z.int().describe('registered'),
      healthy: z.int(),
      tools: z.int().describe('of enabled servers'),
    }),
  ),
});

export type ServerTrend = z.infer<typeof serverTrend>;
export type StatsRange = z.infer<typeof statsRange>;
export type StatsQuery = z.infer<typeof statsQuery>;
export type CallCounts = z.infer<typeof callCounts>;
export type CallFigures = z.infer<typeof callFigures>;
export type StatsView = z.infer<typeof statsView>;
export type ServerStats = z.infer<typeof serverStats>;
export type AgentStats = z.infer<typeof agentStats>;
