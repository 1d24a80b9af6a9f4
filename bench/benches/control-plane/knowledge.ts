import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSweptGateway, type SweptGateway } from '../../backends/start-swept-gateway.ts';
import { withClosers } from '../../measure/closers.ts';
import { readCpuTimeUs } from '../../measure/cpu-time.ts';
import type { Bench } from '../../measure/report/report.ts';
import { resetPeak, readRss } from '../../measure/rss.ts';
import { median, percentile, showSpread } from '../../measure/statistics.ts';

const SERVERS = 1_000;
const TOOLS_EACH = 10;
const SWEEPS = 10;
const SWEEP_EVERY_S = 10;
const LISTS = 100;
const SEARCHES_EACH = 30;
const BARS = { sweepS: 3, residentMb: 200, listMs: 10, searchMs: 5 };
// One word and several, common and rare, a prefix of a word, and one without matches.
const QUERIES = ['weather', 'search documents', 'count customers of department', 'inv', 'export', 'nothing-like-this'];

/** Sends `times` requests to the registry itself, one after another, and returns the response times in ms, body included. */
async function timeResponses({ registryUrl, admin }: SweptGateway, path: string, times: number): Promise<number[]> {
  const durationsMs: number[] = [];
  const agent = new Agent({ keepAlive: true });
  for (let time = 0; time < times; time += 1) {
    const began = performance.now();
    // Not fetch: with its streams the client alone takes as long for a list as the registry does.
    const [response] = (await once(
      get(`${registryUrl}${path}`, { agent, headers: { cookie: admin.cookie } }),
      'response',
    )) as [IncomingMessage];
    await finished(response.resume());
    if (response.statusCode !== 200) throw new Error(`${path} was answered ${response.statusCode}`);
    durationsMs.push(performance.now() - began);
  }
  agent.destroy();
  return durationsMs;
}

async function measureSweeps(gateway: SweptGateway) {
  const seconds: number[] = [];
  const cpuSeconds: number[] = [];
  const peaksMb: number[] = [];
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    let before = 0;
    const tookMs = await gateway.awaitSweep(() => {
      before = readCpuTimeUs([gateway.registry]);
      resetPeak(gateway.registry);
    });
    // A sweep that was incomplete when the next was due has no duration; it took at least this long.
    seconds.push((tookMs ?? SWEEP_EVERY_S * 1_000) / 1_000);
    cpuSeconds.push((readCpuTimeUs([gateway.registry]) - before) / 1e6);
    peaksMb.push(readRss(gateway.registry).peakMb);
  }
  return { seconds, cpuSeconds, peaksMb };
}

/** The registry's own process with 1,000 servers and 10,000 tools: its sweeps, memory, and lists. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const gateway = defer(await startSweptGateway({ count: SERVERS, tools: TOOLS_EACH, everyS: SWEEP_EVERY_S }));
    const { seconds, cpuSeconds, peaksMb } = await measureSweeps(gateway);
    const sessions = await gateway.countSessions();
    const listPath = `/api/servers?limit=${SERVERS}`;
    let whileSwept: number[] = [];
    await gateway.awaitSweep(() => {
      void timeResponses(gateway, listPath, LISTS / 4).then((durationsMs) => (whileSwept = durationsMs));
    });
    // No sweeps from here on.
    await gateway.admin.must('PATCH', '/api/settings', { healthCron: '0 0 0 1 1 *' });
    await sleep(SWEEP_EVERY_S * 1_000);
    resetPeak(gateway.registry);
    const lists = await timeResponses(gateway, listPath, LISTS);
    const searches: number[] = [];
    for (const query of QUERIES)
      searches.push(
        ...(await timeResponses(gateway, `/api/tools?limit=20&q=${encodeURIComponent(query)}`, SEARCHES_EACH)),
      );
    const whileQueried = readRss(gateway.registry);
    const peakMb = Math.max(...peaksMb, whileQueried.peakMb);
    const ms = (values: number[]) => [showSpread(values, 1), percentile(values, 0.95).toFixed(1)];
    const bar = (what: string, unit: string, most: number, value: number) => ({
      what,
      bar: `≤ ${most} ${unit}`,
      value: `${value.toFixed(1)} ${unit}`,
      met: value <= most,
    });
    return {
      title: 'A thousand servers in the registry',
      method: `The whole gateway as \`scripts/start.sh\` starts it; ${SERVERS} light servers with sessions and ${TOOLS_EACH} tools each, each on its own port, all in one other process, registered over the API. The schedule sweeps every ${SWEEP_EVERY_S} s; ${SWEEPS} sweeps, each from its tick to the last check, including the 2 s over which it spreads its checks, without requests meanwhile. Memory is that of the registry's process as reported by the kernel (VmHWM, reset before each sweep). Lists and searches over HTTP at the registry's own port, by a logged-in user, one after another, with the whole body read; no sweep runs except where the row mentions it.`,
      columns: ['what', 'median (least–most)', 'p95'],
      rows: [
        ['a sweep, s', showSpread(seconds, 2), percentile(seconds, 0.95).toFixed(2)],
        ['CPU of the registry a sweep, s', showSpread(cpuSeconds, 2), percentile(cpuSeconds, 0.95).toFixed(2)],
        ['peak memory in a sweep, MB', showSpread(peaksMb, 0), percentile(peaksMb, 0.95).toFixed(0)],
        ['peak memory while listing and searching, MB', whileQueried.peakMb.toFixed(0), ''],
        [`listing ${SERVERS} servers, ms`, ...ms(lists)],
        ['the same while a sweep runs, ms', ...ms(whileSwept)],
        [`searching ${SERVERS * TOOLS_EACH} tools, ms`, ...ms(searches)],
      ],
      bars: [
        bar('a sweep, median', 's', BARS.sweepS, median(seconds)),
        bar('most memory of the registry', 'MB', BARS.residentMb, peakMb),
        bar('listing, p95', 'ms', BARS.listMs, percentile(lists, 0.95)),
        bar('searching, p95', 'ms', BARS.searchMs, percentile(searches, 0.95)),
        { what: 'sessions left on the servers', bar: '0', value: String(sessions), met: sessions === 0 },
      ],
      notes: [`Peak memory sweep by sweep, MB: ${peaksMb.map((peak) => peak.toFixed(0)).join(', ')}.`],
    };
  });
