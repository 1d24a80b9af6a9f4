import type { CallCounts, CallFigures, StatsRange, StatsView } from '../contract/index.ts';
import type { Store } from '../store/open-store.ts';
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

function readCounts({ requests, calls, errors, refused, lastCallMs }: Sums): CallCounts {
  const lastCallAt = lastCallMs === 0 ? null : new Date(lastCallMs).toISOString();
  return { requests, calls, errors, refused, lastCallAt };
}

function readFigures(sums: Sums, buckets: readonly Bucket[]): CallFigures {
  return { ...readCounts(sums), p50Ms: readPercentile(buckets, 0.5), p95Ms: readPercentile(buckets, 0.95) };
}

function sliceOf(range: StatsRange, nowMs: number, server: string | undefined) {
  const { stepS, steps } = STEPS[range];
  const lastS = Math.floor(nowMs / 1_000 / stepS) * stepS;
  return { stepS, steps, fromS: lastS - (steps - 1) * stepS, server };
}

/** Only the sums of a range, for what is shown all the time. */
export async function readTotals(rows: Store['calls'], range: StatsRange, nowMs: number): Promise<CallFigures> {
  const slice = sliceOf(range, nowMs, undefined);
  return readFigures(await rows.totals(slice), await rows.histogramBy(slice, []));
}

/** What went through in a range that ends now, of one server or of all. */
export async function readStats(
  rows: Store['calls'],
  query: { range: StatsRange; server?: string | undefined },
  nowMs: number,
): Promise<Omit<StatsView, 'brokenLines'>> {
  const slice = sliceOf(query.range, nowMs, query.server);
  const { stepS, steps, fromS } = slice;
  const iso = (second: number) => new Date(second * 1_000).toISOString();
  const byStep = new Map((await rows.sumsBy(slice, ['start_s'], steps)).map((row) => [row.start_s, row]));
  // Requests without a tool and servers that nobody named have no row of their own in these lists.
  const tools = (await rows.sumsBy(slice, ['server', 'tool'], MAX_ROWS + 1)).filter(({ tool }) => tool !== '');
  const servers = (await rows.sumsBy(slice, ['server'], MAX_ROWS + 1)).filter(({ server }) => server !== '');
  const agents = (await rows.sumsBy(slice, ['agent'], MAX_ROWS + 1)).filter(({ agent }) => agent !== '');
  const shown = [...new Set([...tools, ...servers].map(({ server }) => server))];
  const buckets = await rows.histogramBy(slice, ['server', 'tool'], shown);
  const byServer = Map.groupBy(buckets, ({ server }) => server);
  const byTool = Map.groupBy(buckets, ({ server, tool }) => `${server}\n${tool}`);
  return {
    range: query.range,
    server: query.server ?? null,
    from: iso(fromS),
    to: new Date(nowMs).toISOString(),
    totals: readFigures(await rows.totals(slice), await rows.histogramBy(slice, [])),
    stepS,
    points: Array.from({ length: steps }, (_, n) => {
      const { requests, calls, errors, refused } = byStep.get(fromS + n * stepS) ?? {
        requests: 0,
        calls: 0,
        errors: 0,
        refused: 0,
      };
      return { at: iso(fromS + n * stepS), requests, calls, errors, refused };
    }),
    tools: tools.slice(0, MAX_ROWS).map((sums) => ({
      server: sums.server,
      tool: sums.tool,
      ...readFigures(sums, byTool.get(`${sums.server}\n${sums.tool}`) ?? []),
    })),
    servers: servers
      .slice(0, MAX_ROWS)
      .map((sums) => ({ server: sums.server, ...readFigures(sums, byServer.get(sums.server) ?? []) })),
    agents: agents.slice(0, MAX_ROWS).map((sums) => ({ agent: sums.agent, ...readCounts(sums) })),
  };
}
