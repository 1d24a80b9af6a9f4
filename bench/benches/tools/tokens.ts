import { GATEWAY_TOOLS } from '../../../bridge/meta/gateway-tools.ts';
import { nameTool } from '../../../bridge/meta/tool-names.ts';
import { readQueries, readServers, type RealServer, type RealTool } from '../../search/read-data.ts';
import type { Bench } from '../../measure/report/report.ts';
import { median, showSpread } from '../../measure/statistics.ts';
import { rankByGateway } from '../../search/rankings.ts';

const COUNTS = [10, 50, 100, 500];
const ORDERS = 7;
const SEARCHES = [1, 2, 3, 5, 8];
const LIMITS = [10, 5];
/** Numbers of tools that are tried to find from which one on the meta endpoint is cheaper. */
const STEPS = [5, 10, 15, 20, 25, 30, 35, 40, 50, 60, 70, 80, 90, 100];
const BAR = { tools: 100, saved: 0.95 };

// By a name that the compiler does not treat as an import: only this bench needs it, and nothing else should fail without it.
const TOKENIZER = ['gpt-tokenizer', 'encoding', 'o200k_base'].join('/');
const { countTokens } = (await import(TOKENIZER)) as { countTokens: (text: string) => number };
const count = (value: unknown) => countTokens(JSON.stringify(value));

/** The part of a tool that a client passes to its model. */
const shown = ({ name, description, inputSchema }: RealTool) => ({ name, description, inputSchema });

/** The same order for the same seed. */
function shuffleBy(seed: number, servers: readonly RealServer[]): RealServer[] {
  let state = seed;
  const next = () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31);
  return servers
    .map((server) => ({ server, at: next() }))
    .sort((one, other) => one.at - other.at)
    .map(({ server }) => server);
}

/** The first `most` tools of servers. */
function takeTools(servers: readonly RealServer[], most: number): RealServer[] {
  let remaining = most;
  return servers.flatMap((server) => {
    const tools = server.tools.slice(0, remaining);
    remaining -= tools.length;
    return tools.length === 0 ? [] : [{ ...server, tools }];
  });
}

const direct = (servers: readonly RealServer[]) =>
  count(
    servers.flatMap(({ path, tools }) => tools.map((tool) => ({ ...shown(tool), name: nameTool(path, tool.name) }))),
  );

/** Mean tokens of a search, both the model's call and its result, and of what invoking adds to a call. */
function countTurn(servers: readonly RealServer[], limit: number): { search: number; invoke: number } {
  const { tuned, heldOut } = readQueries();
  const byId = new Map<string, { server: string; tool: RealTool }>();
  for (const { path, tools } of servers)
    for (const tool of tools) byId.set(`${path}/${tool.name}`, { server: path, tool });
  const ranking = rankByGateway(servers);
  const turns = [...tuned, ...heldOut].map(({ query }) => {
    const found = ranking(query, limit).flatMap((id) => byId.get(id) ?? []);
    const matches = found.map(({ server, tool: { name, description, inputSchema } }) => ({
      ...{ server, tool: name },
      ...(description !== undefined && { description }),
      inputSchema,
    }));
    const called = { name: 'gateway_search_tools', arguments: limit === 10 ? { query } : { query, limit } };
    const [best] = found;
    const [server, tool] = [best?.server ?? '', best?.tool.name ?? ''];
    const invoked = { name: 'gateway_invoke', arguments: { server, tool, arguments: {} } };
    return {
      search: count(called) + count({ query, matches, total: matches.length }),
      invoke: count(invoked) - count({ name: nameTool(server, tool), arguments: {} }),
    };
  });
  const mean = (value: (turn: (typeof turns)[number]) => number) =>
    turns.reduce((sum, turn) => sum + value(turn), 0) / turns.length;
  return { search: mean((turn) => turn.search), invoke: mean((turn) => turn.invoke) };
}

/**
 * Tokens that a model reads because of tools in a conversation that needs `uses` of them, each searched for once. It runs once more than it
 * calls tools, and each time it reads the definitions and all earlier searches again.
 */
const ofDirect = (definitions: number, uses: number) => (uses + 1) * definitions;
const ofMeta = (definitions: number, uses: number, { search, invoke }: { search: number; invoke: number }) =>
  (2 * uses + 1) * definitions + uses * (uses + 1) * search + ((uses * (uses + 1)) / 2) * invoke;

/** Tokens that tools cost a model: all of them defined, or the four of the meta endpoint and a search. */
export const bench: Bench = () => {
  const servers = readServers();
  const total = servers.reduce((sum, { tools }) => sum + tools.length, 0);
  const meta = count(GATEWAY_TOOLS.map((tool) => shown(tool)));
  const measure = (tools: number) => {
    const samples = Array.from({ length: ORDERS }, (_, seed) => takeTools(shuffleBy(seed + 1, servers), tools));
    const definitions = samples.map(direct);
    const turns = LIMITS.map((limit) => samples.map((sample) => countTurn(sample, limit)));
    return { tools, definitions, turns, saved: 1 - meta / median(definitions) };
  };
  const measured = COUNTS.map(measure);
  const steps = STEPS.map(measure);
  const all = direct(servers);
  const each = all / total;
  const turns = LIMITS.map((limit) => countTurn(servers, limit));
  /** The first step from which on the meta endpoint is cheaper. */
  const crossover = (uses: number, nth: number): string => {
    const isCheaper = ({ definitions, turns: found }: (typeof steps)[number]) =>
      median((found[nth] ?? []).map((turn) => ofMeta(meta, uses, turn))) <
      median(definitions.map((tokens) => ofDirect(tokens, uses)));
    const last = steps.findLastIndex((step) => !isCheaper(step));
    return String(STEPS[last + 1] ?? 'more than 100');
  };
  const rounded = (values: readonly number[]) => Math.round(median(values)).toString();
  const at = measured.find(({ tools }) => tools === BAR.tools);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return Promise.resolve({
    title: 'Tokens of tool definitions',
    method: `Counted with o200k_base (gpt-tokenizer): name, description and input schema of real tools ([data](data/README.md)) as JSON, which is what clients pass to a model; annotations and output schemas, which many omit, would only add to \`direct\`. Direct: that number of tools, named server__tool, of whole servers in ${ORDERS} orders. Meta: the four tools of \`/mcp\`. A completed task needs one tool: direct, the model runs twice (call, answer); meta, three times (search, invoke, answer), and the search result is read twice. The search is the gateway's own, over those tools, mean of all queries of the data. Nothing is cached.`,
    columns: ['tools', 'direct', 'meta', 'saved', 'a task, direct', 'a task, meta', 'a task, meta, limit 5'],
    rows: measured.map(({ tools, definitions, turns: [ten = [], five = []], saved }) => [
      String(tools),
      showSpread(definitions, 0),
      String(meta),
      percent(saved),
      rounded(definitions.map((tokens) => ofDirect(tokens, 1))),
      rounded(ten.map((turn) => ofMeta(meta, 1, turn))),
      rounded(five.map((turn) => ofMeta(meta, 1, turn))),
    ]),
    bars: [
      {
        what: `schema tokens saved at ${BAR.tools} tools`,
        bar: `≥ ${100 * BAR.saved} %`,
        value: percent(at?.saved ?? 0),
        met: (at?.saved ?? 0) >= BAR.saved,
      },
    ],
    notes: [
      `A definition of these ${total} tools has ${each.toFixed(0)} tokens on average. ${LIMITS.map((limit, nth) => `A search with limit ${limit} costs ${turns[nth]?.search.toFixed(0)} tokens`).join('. ')}. Calling through gateway_invoke costs ${turns[0]?.invoke.toFixed(0)} more than a direct call.`,
      `Crossover, all tokens that a model reads counted, medians of the same orders in steps of 5 to 10 tools: a conversation that uses ${SEARCHES.join(', ')} different tools is cheaper with the meta endpoint from ${LIMITS.map((limit, nth) => `${SEARCHES.map((uses) => crossover(uses, nth)).join(', ')} tools on (limit ${limit})`).join(', or ')}. Below, direct is cheaper, and it saves a turn for each.`,
    ],
  });
};
