import { json, mcp, SELF, tool, type Message, type OddCase } from './odd-case.ts';

const lists = (result: object) => mcp({ 'tools/list': { result } });
const pages = (list: (cursor: string | undefined) => object) =>
  mcp({ 'tools/list': ({ params }: Message) => ({ result: list(params?.cursor) }) });
const initializes = (result: object) => mcp({ initialize: { result: { ...SELF, ...result } } });
const STEP = 'Failed step: tools/list at {url}/mcp';

/** One flaw hides nothing else: the rest is listed, the faulty item is reported. */
export const LISTS: OddCase[] = [
  {
    name: 'a tool listed twice, differently',
    serve: lists({ tools: [tool('a'), tool('a', { description: 'other' }), tool('b'), tool('c')] }),
    health: 'degraded',
    problem: 'Invalid tools, omitted: "a" (listed twice, with different definitions)',
    remedy: /Correct their definitions/,
    tools: ['b', 'c'],
  },
  {
    name: 'a tool listed twice, the same',
    serve: lists({ tools: [tool('a'), tool('a'), tool('b')] }),
    health: 'degraded',
    problem: 'Its tools/list contains "a" twice',
    remedy: /List each tool once/,
    tools: ['a', 'b'],
  },
  {
    name: 'nextCursor null',
    serve: lists({ tools: [tool('a')], nextCursor: null }),
    health: 'degraded',
    problem: 'Its tools/list has nextCursor null, which is not a string',
    remedy: /Leave nextCursor out/,
    tools: ['a'],
  },
  {
    name: 'a cursor that never advances',
    serve: lists({ tools: [tool('a'), tool('b')], nextCursor: 'eyJvZmZzZXQiOjB9' }),
    health: 'degraded',
    problem: 'Its tools/list never ends: the cursor "eyJvZmZzZXQiOjB9" was sent twice',
    remedy: /each cursor lead to the next page/,
    tools: ['a', 'b'],
  },
  {
    name: 'new cursors to the same page without end',
    serve: pages((cursor) => ({ tools: [tool('a')], nextCursor: `${cursor ?? ''}x` })),
    health: 'degraded',
    problem: 'Its tools/list never ends: after the cursor "x" no new tool is listed',
    remedy: /each cursor lead to the next page/,
    tools: ['a'],
  },
  {
    name: 'a page that fails',
    serve: mcp({
      'tools/list': ({ params }) =>
        params?.cursor === undefined
          ? { result: { tools: [tool('a')], nextCursor: '2' } }
          : { error: { code: -32603, message: 'page 2 is gone' } },
    }),
    health: 'degraded',
    problem: `It answers with an error: page 2 is gone (-32603). ${STEP}`,
    remedy: /log of the server/,
    tools: ['a'],
  },
  {
    name: 'tools that are not declared',
    serve: initializes({ capabilities: {} }),
    health: 'degraded',
    problem: 'It lists tools, but its handshake does not declare capabilities.tools',
    remedy: /Declare capabilities\.tools/,
  },
  {
    name: 'neither tools nor tools/list',
    serve: mcp({
      initialize: { result: { ...SELF, capabilities: { prompts: {} } } },
      'tools/list': { error: { code: -32601, message: 'no' } },
    }),
    health: 'healthy',
    tools: [],
  },
  {
    name: 'declared tools without tools/list',
    serve: mcp({ 'tools/list': { error: { code: -32601, message: 'no' } } }),
    health: 'degraded',
    problem: 'It declares tools, but does not know tools/list',
    remedy: /Leave capabilities\.tools out/,
    tools: [],
  },
  {
    name: 'an inputSchema that is no JSON Schema',
    serve: lists({
      tools: [tool('good'), tool('bad', { inputSchema: { type: 'object', properties: { count: { type: 'int' } } } })],
    }),
    health: 'degraded',
    problem:
      'Invalid tools, omitted: "bad" (inputSchema.properties.count.type: expected one of array, boolean, integer, null, number, object, string, received "int")',
    remedy: /Correct their definitions/,
    tools: ['good'],
  },
  {
    name: 'a tool without an inputSchema',
    serve: lists({ tools: [tool('good'), { name: 'bad' }] }),
    health: 'degraded',
    problem: 'Invalid tools, omitted: "bad" (inputSchema: expected object, received undefined)',
    remedy: /Correct their definitions/,
    tools: ['good'],
  },
  {
    name: 'no serverInfo.version',
    serve: initializes({ serverInfo: { name: 'odd' } }),
    health: 'degraded',
    problem: 'Its result of initialize lacks serverInfo.version',
    remedy: /send serverInfo\.version/,
  },
  {
    name: 'no serverInfo, no protocolVersion',
    serve: mcp({ initialize: { result: { capabilities: { tools: {} } } } }),
    health: 'degraded',
    problem: 'Its result of initialize lacks protocolVersion and serverInfo',
    remedy: /refuse to connect/,
  },
  {
    name: 'an error of tools/list',
    serve: mcp({ 'tools/list': { error: { code: -32000, message: 'database is locked' } } }),
    health: 'degraded',
    problem: `It answers with an error: database is locked (-32000). ${STEP}`,
    remedy: /log of the server/,
    tools: [],
  },
  {
    name: 'a credential that only tools/list needs',
    serve: mcp({}, ({ method }, response) => {
      if (method === 'tools/list') json(response, 401, { error: 'no token' });
      return method === 'tools/list';
    }),
    health: 'auth_required',
    problem: `It requires a credential (HTTP 401: no token). ${STEP}`,
    remedy: /needs its own credential/,
    tools: [],
  },
  {
    name: 'a result without tools',
    serve: lists({}),
    health: 'degraded',
    problem: `Its result of tools/list lacks tools. ${STEP}`,
    remedy: /send tools/,
    tools: [],
  },
  {
    name: '1,200 tools on 24 pages',
    serve: pages((cursor) => {
      const page = Number(cursor ?? 0);
      const tools = Array.from({ length: 50 }, (_, index) => tool(`t${String(page * 50 + index).padStart(4, '0')}`));
      return { tools, ...(page < 23 ? { nextCursor: String(page + 1) } : {}) };
    }),
    health: 'healthy',
    tools: Array.from({ length: 1_200 }, (_, index) => `t${String(index).padStart(4, '0')}`),
  },
];
