import type {
  AgentStats,
  CallCounts,
  CallFigures,
  ServerStats,
  StatsQuery,
  StatsRange,
  StatsView,
} from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import { readPercentile } from './histogram.ts';
import { HOUR_S, MINUTE_S } from './roll-up.ts';

const STEPS: Record<StatsRange, { stepS: number; steps: number }> = {
  hour: { stepS: MINUTE_S, steps: 60 },
  day: { stepS: HOUR_S, steps: 24 },
  week: { stepS: HOUR_S, steps: 168 },
};
const MAX_ROWS = 20;

type Sums = Awaited<ReturnType<Store['calls']['totals']>>;
type Bucket = { bucket: number; count: number };

function readCounts({ lastCallMs, firstRefusedS, ...counts }: Sums): CallCounts {
  const iso = (ms: number) => (ms === 0 ? null : new Date(ms).toISOString());
  return { ...counts, lastCallAt: iso(lastCallMs), firstRefusedAt: iso(firstRefusedS * 1_000) };
}

function readFigures(sums: Sums, buckets: readonly Bucket[]): CallFigures {
  return { ...readCounts(sums), p50Ms: readPercentile(buckets, 0.5), p95Ms: readPercentile(buckets, 0.95) };
}

type Query = Omit<StatsQuery, 'range'> & { range: StatsRange };

function selectRange({ range, server, agent, tool }: Query, nowMs: number) {
  const { stepS, steps } = STEPS[range];
  const lastS = Math.floor(nowMs / 1_000 / stepS) * stepS;
  return { stepS, steps, fromS: lastS - (steps - 1) * stepS, server, agent, tool };
}

function addUp(rows: readonly Sums[]): Sums {
  const total: Sums = {
    ...{ requests: 0, calls: 0, errors: 0, toolErrors: 0, refused: 0 },
    ...{ lastCallMs: 0, firstRefusedS: 0 },
  };
  for (const row of rows) {
    total.requests += row.requests;
    total.calls += row.calls;
    total.errors += row.errors;
    total.toolErrors += row.toolErrors;
    total.refused += row.refused;
    total.lastCallMs = Math.max(total.lastCallMs, row.lastCallMs);
    if (row.firstRefusedS > 0) total.firstRefusedS = Math.min(total.firstRefusedS || Infinity, row.firstRefusedS);
  }
  return total;
}

/** The busiest of the groups that `nameOf` distinguishes; rows with an empty name belong to none. */
function findBusiest<Row extends Sums>(rows: readonly Row[], nameOf: (row: Row) => string): { row: Row; sums: Sums }[] {
  const groups = [...Map.groupBy(rows, nameOf)].filter(([name]) => name !== '');
  return groups
    .map(([name, group]) => ({ name, row: group[0] as Row, sums: addUp(group) }))
    .sort((a, b) => b.sums.calls - a.sums.calls || b.sums.requests - a.sums.requests || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_ROWS);
}

/** The tools with the most errors and refusals. */
function findFailing(rows: readonly (Sums & { server: string; tool: string })[]) {
  return [...Map.groupBy(rows, ({ server, tool }) => `${server}\n${tool}`).values()]
    .map((group) => ({ server: group[0]?.server ?? '', tool: group[0]?.tool ?? '', ...readCounts(addUp(group)) }))
    .filter(({ errors, refused }) => errors + refused > 0)
    .sort((a, b) => b.errors - a.errors || b.refused - a.refused)
    .slice(0, MAX_ROWS);
}

/** Only the sums of a range, for the live view. */
export async function readTotals(rows: Store['calls'], range: StatsRange, nowMs: number): Promise<CallFigures> {
  const slice = selectRange({ range }, nowMs);
  return readFigures(await rows.totals(slice), await rows.histogramOfAll(slice));
}

/** Counts of every agent in a range that ends now. */
export async function readAgentStats(rows: Store['calls'], range: StatsRange, nowMs: number): Promise<AgentStats> {
  const sums = await rows.sumsBy(selectRange({ range }, nowMs), ['agent']);
  return {
    items: sums.filter(({ agent }) => agent !== '').map(({ agent, ...row }) => ({ agent, ...readCounts(row) })),
  };
}

/** Figures of every server in a range that ends now. */
export async function readServerStats(rows: Store['calls'], range: StatsRange, nowMs: number): Promise<ServerStats> {
  const slice = selectRange({ range }, nowMs);
  const sums = await rows.sumsBy(slice, ['server']);
  const buckets = Map.groupBy(await rows.histogram(slice), ({ server }) => server);
  return {
    items: sums
      .filter(({ server }) => server !== '')
      .map(({ server, ...row }) => ({ server, ...readFigures(row, buckets.get(server) ?? []) })),
  };
}

/** The statistics of a range that ends now, of one server, agent or tool, or of all. */
export async function readStats(
  rows: Store['calls'],
  query: Query,
  nowMs: number,
): Promise<Omit<StatsView, 'brokenLines'>> {
  const slice = selectRange(query, nowMs);
  const { stepS, steps, fromS } = slice;
  const iso = (second: number) => new Date(second * 1_000).toISOString();
  const byStep = new Map((await rows.sumsBy(slice, ['start_s'])).map((row) => [row.start_s, row]));
  const rowsByName = await rows.sumsBy(slice, ['server', 'agent', 'tool']);
  const buckets = query.agent === undefined ? await rows.histogram(slice) : [];
  const byServer = Map.groupBy(buckets, ({ server }) => server);
  const toolOf = ({ server, tool }: { server: string; tool: string }) => (tool === '' ? '' : `${server}\n${tool}`);
  const byTool = Map.groupBy(buckets, toolOf);
  return {
    range: query.range,
    server: query.server ?? null,
    agent: query.agent ?? null,
    tool: query.tool ?? null,
    from: iso(fromS),
    to: new Date(nowMs).toISOString(),
    totals: readFigures(addUp(rowsByName), buckets),
    stepS,
    points: Array.from({ length: steps }, (_, n) => {
      const { requests, calls, errors, toolErrors, refused } = byStep.get(fromS + n * stepS) ?? addUp([]);
      return { at: iso(fromS + n * stepS), requests, calls, errors, toolErrors, refused };
    }),
    tools: findBusiest(rowsByName, toolOf).map(({ row, sums }) => ({
      server: row.server,
      tool: row.tool,
      ...readFigures(sums, byTool.get(toolOf(row)) ?? []),
    })),
    failing: findFailing(rowsByName),
    servers: findBusiest(rowsByName, ({ server }) => server).map(({ row, sums }) => ({
      server: row.server,
      ...readFigures(sums, byServer.get(row.server) ?? []),
    })),
    agents: findBusiest(rowsByName, ({ agent }) => agent).map(({ row, sums }) => ({
      agent: row.agent,
      ...readCounts(sums),
    })),
  };
}
