import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverInput, type InstanceEndpoints } from '../../../../registry/contract/index.ts';
import { buildGate } from '../../../../nginx/gate/build/build-gate.ts';
import { detectFacts } from '../../../../registry/publishing/reload/nginx-facts.ts';
import { planGateway } from '../../../../registry/publishing/plan/plan-gateway.ts';
import { planRoutes, type RoutableServer } from '../../../../registry/publishing/plan/plan-routes.ts';
import { loadTemplates } from '../../../../registry/publishing/render/load-templates.ts';
import { createRender } from '../../../../registry/publishing/render/render.ts';
import type {
  NginxFacts,
  PlannedEndpoint,
  PlannedServer,
  Rendering,
  RoutePlan,
} from '../../../../registry/publishing/plan/route-plan.ts';
import { createRunDir } from '../../../../registry/publishing/reload/run-dir.ts';
import { stageGeneration } from '../../../../registry/publishing/generations/stage.ts';
import { testConfig } from '../../../../registry/publishing/generations/test-config.ts';
import { placeInstances } from '../../../../registry/servers/change/place-instances.ts';
import { shapes } from './config-shape.ts';
import { hostileInputs, UNFIT_INPUT, REFUSED_INPUT } from './hostile-inputs.ts';

const render = createRender(loadTemplates());

let root: string;
let facts: NginxFacts;
let gate: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mcpgw-hostile-'));
  facts = await detectFacts({ nginxBin: 'nginx', modulesDir: undefined, caFile: '/etc/ssl/certs/ca-certificates.crt' });
  gate = await buildGate();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The servers that the contract accepts, as the catalogue stores them. */
function store(given: [unknown, InstanceEndpoints | null][]): RoutableServer[] {
  const servers: RoutableServer[] = [];
  for (const [index, [written, endpoints]] of given.entries()) {
    const parsed = serverInput.safeParse(written);
    if (!parsed.success || servers.some(({ path }) => path === parsed.data.path)) continue;
    const { headers: _, instances, ...rest } = parsed.data;
    const placed = placeInstances(
      instances,
      [],
      rest.transport,
      () => `i${index}${Math.trunc(performance.now() * 1e3)}`,
    );
    servers.push({
      ...rest,
      id: `s${index}`,
      instances: placed.map((one) => ({ ...one, endpoints: endpoints ?? one.endpoints })),
    });
  }
  return servers;
}

/** Renders as publishing does: a server with a value that may not appear in nginx.conf is left out. */
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

/** The same plan with harmless words in place of external input. */
function createHarmless(plan: RoutePlan): RoutePlan {
  const calm = (endpoint: PlannedEndpoint | null): PlannedEndpoint | null =>
    endpoint && { ...endpoint, host: 'host.test', uri: '/u', tlsName: endpoint.tlsName === null ? null : 'host.test' };
  return {
    ...plan,
    servers: plan.servers.map((server, index): PlannedServer => ({
      ...server,
      path: `p${index}`,
      instances: server.instances.map((one) => ({
        ...one,
        mcp: calm(one.mcp),
        sse: calm(one.sse),
      })),
    })),
  };
}

describe('external input', () => {
  it('reaches nginx.conf as text or not at all, and NGINX accepts the file', async () => {
    const runDir = createRunDir(root);
    const gateway = planGateway(
      {
        gatewayPort: 18080,
        tls: null,
        gatewayUrl: 'http://localhost',
        allowedHosts: [],
        allowedOrigins: [],
        hstsMaxAgeS: 0,
        acmeWebroot: join(root, 'acme'),
        trustedProxies: [],
        registryHost: '127.0.0.1',
        registryPort: 7860,
        maxBodyBytes: 1e6,
        connectionsPerAddress: 2_000,
        drainTimeoutS: 600,
        nginxWorkers: 1,
      },
      { accessDir: join(root, 'access'), logDir: root, runDir },
    );
    const seen = { routed: 0, unfit: 0, stored: 0, given: 0 };
    await fc.assert(
      fc.asyncProperty(hostileInputs, async (given) => {
        const servers = store(given);
        const planned = planRoutes({
          gateway,
          servers,
          addressOf: (name) => ({ address: name.startsWith('[') ? name.slice(1, -1) : '127.0.0.1' }),
          rejected: new Map(),
        });
        const { plan, files, unfit } = renderWhatFits(planned.plan);
        expect(shapes(files)).toEqual(shapes(render(createHarmless(plan), facts, 1, gate)));
        const folder = await stageGeneration(root, 1, files);
        const tested = await testConfig('nginx', runDir, folder);
        expect(tested.passed, tested.output).toBe(true);
        seen.given += given.length;
        seen.stored += servers.length;
        seen.unfit += unfit;
        seen.routed += plan.servers.filter((server) => server.instances.length > 0).length;
      }),
      { numRuns: 40, examples: [[[UNFIT_INPUT]], [[REFUSED_INPUT]]] },
    );
    // The property proves nothing if hardly any input gets that far.
    expect(seen.routed).toBeGreaterThan(seen.given / 6);
    expect(seen.unfit).toBeGreaterThan(0);
    expect(seen.stored).toBeLessThan(seen.given);
  });
});
