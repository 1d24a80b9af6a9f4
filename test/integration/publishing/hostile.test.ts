import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverInput, type InstanceEndpoints } from '../../../registry/contract/index.ts';
import { bundleGate } from '../../../registry/publishing/bundle-gate.ts';
import { detectFacts } from '../../../registry/publishing/nginx-facts.ts';
import { planGateway } from '../../../registry/publishing/plan-gateway.ts';
import { planRoutes, type RoutableServer } from '../../../registry/publishing/plan-routes.ts';
import { render } from '../../../registry/publishing/render.ts';
import type {
  NginxFacts,
  PlannedEndpoint,
  PlannedServer,
  Rendering,
  RoutePlan,
} from '../../../registry/publishing/route-plan.ts';
import { makeRunDir } from '../../../registry/publishing/run-dir.ts';
import { stageGeneration } from '../../../registry/publishing/stage.ts';
import { testConfig } from '../../../registry/publishing/test-config.ts';
import { placeInstances } from '../../../registry/servers/place-instances.ts';
import { parseNginx, type Directive } from '../../support/parse-nginx.ts';

let root: string;
let facts: NginxFacts;
let gate: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mcpgw-hostile-'));
  facts = await detectFacts({ nginxBin: 'nginx', modulesDir: undefined, caFile: '/etc/ssl/certs/ca-certificates.crt' });
  gate = await bundleGate();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

// What breaks out of a place in nginx.conf, next to what may stand there.
const POISON = [
  ';',
  '}',
  '{',
  '"',
  "'",
  '\\',
  '\n',
  '\r',
  '\t',
  ' ',
  '\0',
  '$',
  '$host',
  '${host}',
  '#',
  '`',
  '|',
  '^',
  '*',
  '?',
  '[',
  ']',
  '(',
  ')',
  '%0a',
  '%00',
  '%22;',
  '%7D',
  '..',
  '//',
  '\u2028',
  '\u202e',
  'é',
  '．',
  '；',
  '～',
  '; return 200 x;',
  '} location / {',
  '";}',
  'include /etc/passwd;',
  'proxy_pass http://evil;',
  '~*',
  '@',
  '!',
  '&',
  '=',
  '+',
  ',',
];
const PLAIN = ['a', 'b', 'weather', 'x1', '-', '.', '_', '0', 'mcp', 'sse', 'messages', 'team'];
const piece = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...PLAIN) },
  { weight: 2, arbitrary: fc.constantFrom(...POISON) },
);
const word = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
const plainWord = fc
  .array(fc.constantFrom('a', 'b', 'c', 'x', '1'), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));
/** Mostly what gets through the contract: one bad field would hide what the others can do. */
const mostly = (plain: fc.Arbitrary<string>, hostile: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 7, arbitrary: plain }, { weight: 1, arbitrary: hostile });
// Characters that URLs, header names and endpoint events may carry, and that mean something to NGINX or to a regular expression.
const tricky = fc.array(
  fc.constantFrom('a', '!', '&', '(', ')', '*', '+', ',', '=', ':', '@', '~', '%24', '%7B', '%0a', '.', '-'),
  {
    minLength: 1,
    maxLength: 6,
  },
);
const segment = fc.oneof(
  plainWord,
  tricky.map((parts) => parts.join('')),
);
const host = mostly(
  fc.oneof(
    plainWord,
    fc.constantFrom('[::1]', '[::ffff:1.2.3.4]', '127.1', '0x7f.1', 'bücher.example', 'a.b-c_d.example', 'EXAMPLE.com'),
  ),
  word,
);
const url = fc
  .tuple(
    mostly(fc.constantFrom('http', 'https', 'HTTP'), fc.constant('javascript')),
    host,
    mostly(fc.constantFrom('', ':8000', ':65535'), fc.constantFrom(':0', ':x')),
    fc.array(mostly(segment, word), { maxLength: 3 }),
    fc.oneof(
      fc.constant(''),
      word.map((text) => `?${text}`),
    ),
  )
  .map(
    ([scheme, name, port, path, query]) =>
      `${scheme}://${name}${port}${path.map((part) => `/${part}`).join('')}${query}`,
  );
const header = mostly(fc.constantFrom('Authorization', 'x-api-key', 'X-Token', 'X_Token', 'x-!#%&*+^|~', 'x.y'), word);
const input = fc.record({
  path: mostly(
    fc.oneof(
      plainWord,
      fc.tuple(plainWord, plainWord).map((parts) => parts.join('/')),
      fc.constantFrom('a.b_c-d', 'weather2'),
    ),
    word,
  ),
  name: mostly(plainWord, word),
  description: mostly(plainWord, word),
  tags: fc.array(mostly(plainWord, word), { maxLength: 2 }),
  instances: fc.array(fc.record({ url }), { minLength: 1, maxLength: 2 }),
  headers: fc.dictionary(header, mostly(plainWord, word), { maxKeys: 3 }),
  hostMode: fc.constantFrom('upstream' as const, 'public' as const),
});
// A backend says where its endpoints are: it may lie.
const claimed = (prefix: string) =>
  mostly(
    segment.map((text) => prefix + text),
    fc.oneof(
      word,
      word.map((text) => prefix + text),
    ),
  );
const learnt: fc.Arbitrary<InstanceEndpoints | null> = fc.option(
  fc.record({
    mcp: fc.option(mostly(url, word)),
    sse: fc.option(mostly(fc.constant('http://weather:8000/sse'), url)),
    message: fc.option(claimed('/')),
    messageForm: fc.constant('root' as const),
    messageWritten: fc.option(fc.oneof(claimed('/'), claimed('http://weather:8000/'), claimed(''))),
  }),
);
const arrivals = fc.array(fc.tuple(input, learnt), { minLength: 1, maxLength: 6 });

/** What the contract lets through, as the catalogue stores it. */
function store(given: [unknown, InstanceEndpoints | null][]): RoutableServer[] {
  const servers: RoutableServer[] = [];
  for (const [index, [written, endpoints]] of given.entries()) {
    const parsed = serverInput.safeParse(written);
    if (!parsed.success || servers.some(({ path }) => path === parsed.data.path)) continue;
    const { headers, instances, ...rest } = parsed.data;
    const placed = placeInstances(
      instances,
      [],
      rest.transport,
      () => `i${index}${Math.trunc(performance.now() * 1e3)}`,
    );
    servers.push({
      ...rest,
      id: `s${index}`,
      headerNames: Object.keys(headers),
      instances: placed.map((one) => ({ ...one, endpoints: endpoints ?? one.endpoints })),
    });
  }
  return servers;
}

/** Renders as publishing does: a server with a value that may not stand in nginx.conf is left out. */
function renderWhatFits(plan: RoutePlan): { plan: RoutePlan; files: Rendering; unfit: number } {
  for (let [rest, unfit] = [plan, 0]; ; unfit += 1) {
    try {
      return { plan: rest, files: render(rest, facts, 1, gate), unfit };
    } catch (error) {
      const { serverId } = error as { serverId?: string };
      if (serverId === undefined) throw error;
      rest = { ...rest, servers: rest.servers.map((one) => (one.id === serverId ? { ...one, instances: [] } : one)) };
      if (unfit > plan.servers.length) throw error;
    }
  }
}

/** The same plan with nothing but harmless words in the places of what came from outside. */
function makeHarmless(plan: RoutePlan): RoutePlan {
  const names = new Map<string, string>();
  const nameHeader = (name: string) => {
    const lowered = name.toLowerCase();
    if (lowered === 'authorization' || lowered === 'x-api-key') return name;
    if (!names.has(lowered)) names.set(lowered, `x${names.size}${name.includes('-') ? '-y' : ''}`);
    return names.get(lowered) ?? '';
  };
  const calm = (endpoint: PlannedEndpoint | null): PlannedEndpoint | null =>
    endpoint && { ...endpoint, host: 'host.test', uri: '/u', tlsName: endpoint.tlsName === null ? null : 'host.test' };
  return {
    ...plan,
    servers: plan.servers.map((server, index): PlannedServer => ({
      ...server,
      path: `p${index}`,
      headerNames: server.headerNames.map(nameHeader),
      instances: server.instances.map((one) => ({
        ...one,
        mcp: calm(one.mcp),
        sse: calm(one.sse),
        message: calm(one.message),
        messageWritten: one.messageWritten === null ? null : '/w',
      })),
    })),
  };
}

/** Names of directives, how many arguments they have, which variables those name, and what is in their braces: all but plain text. */
function shape(directives: Directive[], isMap: boolean): unknown[] {
  const variables = (text: string) =>
    (text.match(/\$\{?[A-Za-z0-9_]*/g) ?? []).map((one) => one.replace(/^\$mcpgw_header_.*/, '$mcpgw_header'));
  return directives.map(({ name, args, block }) => [
    isMap ? '*' : name,
    ...args.map(variables),
    block === null ? null : shape(block, name === 'map' || name === 'types'),
  ]);
}
function shapes(files: Rendering): unknown {
  const entries = Object.entries(files).filter(([name]) => name.endsWith('.conf'));
  return Object.fromEntries(entries.map(([name, text]) => [name, shape(parseNginx(text), name === 'paths.conf')]));
}

describe('what comes from outside', () => {
  it('reaches nginx.conf as text or not at all, and NGINX accepts the file', async () => {
    const runDir = makeRunDir(root);
    const gateway = planGateway(
      {
        gatewayPort: 18080,
        tls: null,
        gatewayUrl: 'http://localhost',
        allowedHosts: [],
        allowedOrigins: [],
        registryHost: '127.0.0.1',
        registryPort: 7860,
        maxBodyBytes: 1e6,
        drainTimeoutS: 600,
        nginxWorkers: 1,
      },
      { accessDir: join(root, 'access'), logDir: root, runDir },
    );
    const seen = { routed: 0, unfit: 0, stored: 0, given: 0 };
    await fc.assert(
      fc.asyncProperty(arrivals, async (given) => {
        const servers = store(given);
        const planned = planRoutes({
          gateway,
          servers,
          addressOf: (name) => ({ address: name.startsWith('[') ? name.slice(1, -1) : '127.0.0.1' }),
          rejected: new Map(),
        });
        const { plan, files, unfit } = renderWhatFits(planned.plan);
        expect(shapes(files)).toEqual(shapes(render(makeHarmless(plan), facts, 1, gate)));
        const folder = await stageGeneration(root, 1, files);
        const tested = await testConfig('nginx', runDir, folder);
        expect(tested.passed, tested.output).toBe(true);
        seen.given += given.length;
        seen.stored += servers.length;
        seen.unfit += unfit;
        seen.routed += plan.servers.filter((server) => server.instances.length > 0).length;
      }),
      { numRuns: 100 },
    );
    // The property says nothing when hardly anything gets that far.
    expect(seen.routed).toBeGreaterThan(seen.given / 6);
    expect(seen.unfit).toBeGreaterThan(0);
    expect(seen.stored).toBeLessThan(seen.given);
  });
});
