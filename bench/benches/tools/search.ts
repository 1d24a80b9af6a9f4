import {
  buildToolIndex,
  createToolIndex,
  describeTool,
  readToolWords,
  type ToolWords,
} from '../../../registry/contract/index.ts';
import { readQueries, readServers, type QueryCase, type RealServer } from '../../search/read-data.ts';
import type { Bench } from '../../measure/report/report.ts';
import { percentile, showSpread } from '../../measure/statistics.ts';
import { measureQuality } from '../../search/quality.ts';
import { rankByBm25, rankByGateway, rankBySubstring } from '../../search/rankings.ts';

const TOOLS = 10_000;
const ROUNDS = 10;
const BARS = { recallAt5: 0.95, searchMs: 5 };

/** TOOLS tools of real servers: each server repeated at different paths, with a number appended to the names of its tools. */
function readMany(servers: readonly RealServer[]): { words: ToolWords[]; cpuMs: number } {
  const words: ToolWords[] = [];
  const before = process.cpuUsage();
  for (let round = 0; words.length < TOOLS; round += 1)
    for (const { path, name, tools } of servers)
      for (const tool of tools) {
        const server = { path: `${path}-${round}`, name, tags: [] };
        if (words.length < TOOLS)
          words.push(readToolWords(describeTool(server, { ...tool, name: `${tool.name}_${round}` })));
      }
  const { user, system } = process.cpuUsage(before);
  return { words, cpuMs: (user + system) / 1_000 };
}

function timeSearches(words: readonly ToolWords[], cases: readonly QueryCase[]): { wall: number[]; cpu: number[] } {
  const index = createToolIndex(words);
  const wall: number[] = [];
  const cpu: number[] = [];
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const { query } of cases) {
      const before = process.cpuUsage();
      const began = performance.now();
      index.search(query, 10, () => true);
      const took = performance.now() - began;
      const { user, system } = process.cpuUsage(before);
      if (round === 0) continue;
      wall.push(took);
      cpu.push((user + system) / 1_000);
    }
  return { wall, cpu };
}

/** CPU time of building an index, and of its longest slice, which blocks the rest of the process. */
async function timeBuild(words: readonly ToolWords[]): Promise<{ cpuMs: number; longestMs: number }> {
  let longestMs = 0;
  const all = process.cpuUsage();
  let slice = process.cpuUsage();
  const end = () => {
    const { user, system } = process.cpuUsage(slice);
    longestMs = Math.max(longestMs, (user + system) / 1_000);
    slice = process.cpuUsage();
  };
  await buildToolIndex(words, () => {
    end();
    return Promise.resolve();
  });
  end();
  const { user, system } = process.cpuUsage(all);
  return { cpuMs: (user + system) / 1_000, longestMs };
}

/** Quality and speed of the tool search. */
export const bench: Bench = async () => {
  const servers = readServers();
  const { tuned, heldOut } = readQueries();
  const whole = [...tuned, ...heldOut];
  const count = servers.reduce((sum, { tools }) => sum + tools.length, 0);
  const rankings = [
    { name: 'gateway', ranking: rankByGateway(servers) },
    { name: 'BM25', ranking: rankByBm25(servers) },
    { name: 'substrings', ranking: rankBySubstring(servers) },
  ];
  const rows = rankings.map(({ name, ranking }) => [
    name,
    ...[tuned, heldOut, whole].flatMap((cases) => {
      const { recallAt5, mrr } = measureQuality(ranking, cases);
      return [recallAt5.toFixed(3), mrr.toFixed(3)];
    }),
  ]);
  const recalls = [tuned, heldOut, whole].map((cases) => measureQuality(rankByGateway(servers), cases).recallAt5);
  const { words, cpuMs } = readMany(servers);
  const { wall, cpu } = timeSearches(words, whole);
  const build = await timeBuild(words);
  const ofRecall = (what: string, value = 0) => ({
    what: `recall@5, ${what}`,
    bar: `≥ ${BARS.recallAt5}`,
    value: value.toFixed(3),
    met: value >= BARS.recallAt5,
  });
  return {
    title: 'Finding tools',
    method: `${count} tools of ${servers.length} real servers and ${whole.length} queries ([data](data/README.md)). Recall@5 is the share of the queries with a right tool among the first five hits; MRR the mean of 1 / rank of the first right one. Synonyms and weights were tuned with ${tuned.length} of the queries; the other ${heldOut.length} are held out. No server has tags. BM25 is the textbook version over all texts of a tool as one, without stems and synonyms; substrings counts the words of the query that occur anywhere.`,
    columns: ['ranking', 'tuned: recall@5', 'MRR', 'held out: recall@5', 'MRR', 'all: recall@5', 'MRR'],
    rows,
    bars: [
      ofRecall('all queries', recalls[2]),
      ofRecall('held out', recalls[1]),
      {
        // A search is one piece of work: on a machine with nothing else to do this is how long it takes.
        what: `CPU of a search of ${TOOLS} tools, p95`,
        bar: `≤ ${BARS.searchMs} ms`,
        value: `${percentile(cpu, 0.95).toFixed(2)} ms`,
        met: percentile(cpu, 0.95) <= BARS.searchMs,
      },
    ],
    notes: [
      `${TOOLS} tools, the real ones repeated under other names; every query ${ROUNDS} times: ${showSpread(cpu, 2)} ms of CPU per search, p95 ${percentile(cpu, 0.95).toFixed(2)}; wall time ${showSpread(wall, 2)}, p95 ${percentile(wall, 0.95).toFixed(2)}.`,
      `Reading the texts of ${TOOLS} tools takes ${cpuMs.toFixed(0)} ms of CPU, once each; building the index ${build.cpuMs.toFixed(0)} ms, at each change, in slices of at most ${build.longestMs.toFixed(0)} ms.`,
    ],
  };
};
