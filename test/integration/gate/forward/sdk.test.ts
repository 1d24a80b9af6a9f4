import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { CreateMessageRequestSchema, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startModernOnly } from '../../../fixtures/backends/compliant/modern-only.ts';
import { startEverythingFixture } from '../../../fixtures/everything/start.ts';
import type { McpFixture } from '../../../fixtures/kit/serve-mcp.ts';
import { startEverything } from '../../../support/gateway/start-everything.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';
import { waitFor } from '../../../support/wait-for.ts';

// Unmodified servers and clients of both SDK lines.
describe.each(NGINX_KINDS)('SDK clients through $name NGINX', (kind) => {
  let everything: Awaited<ReturnType<typeof startEverything>>;
  let both: McpFixture;
  let modern: McpFixture;
  let gate: RunningGate;
  let key: string;

  beforeAll(async () => {
    everything = await startEverything();
    both = await startEverythingFixture();
    modern = await startModernOnly();
    gate = await startGate(kind, [
      { path: 'everything', instances: [planInstance('i1', everything.url)] },
      { path: 'both', instances: [planInstance('i1', both.url)] },
      { path: 'modern', instances: [planInstance('i1', modern.url)] },
      { path: 'off', instances: [] },
    ]);
    key = gate.access.addAgent('bob');
  });
  afterAll(async () => {
    await gate.close();
    await modern.close();
    await both.close();
    await everything.close();
  });

  const headers = () => ({ Authorization: `Bearer ${key}` });
  const at = (path: string) => new URL(`${gate.url}${path}`);

  async function connectOld(path: string, capabilities: object = {}) {
    const client = new Client({ name: 'old', version: '1' }, { capabilities });
    const transport = new StreamableHTTPClientTransport(at(path), { requestInit: { headers: headers() } });
    return { client, transport };
  }
  async function connectNew(path: string) {
    const client = new ModernClient({ name: 'new', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new ModernTransport(at(path), { requestInit: { headers: headers() } }));
    return client;
  }

  test('1.x: initialize, session, tools, progress, sampling, elicitation, DELETE', async () => {
    const { client, transport } = await connectOld('/everything/mcp', { sampling: {}, elicitation: {} });
    const requests: string[] = [];
    client.setRequestHandler(CreateMessageRequestSchema, () => {
      requests.push('sampling');
      return { model: 'm', role: 'assistant', content: { type: 'text', text: 'sampled-words' } };
    });
    client.setRequestHandler(ElicitRequestSchema, () => {
      requests.push('elicitation');
      return { action: 'decline' };
    });
    await client.connect(transport);
    expect(transport.sessionId).toMatch(/~i1\.[0-9a-f]{16}$/);
    const { tools } = await client.listTools();
    const names = tools.map((tool) => tool.name);
    expect(names.length).toBeGreaterThan(10);
    expect(JSON.stringify(await client.callTool({ name: 'echo', arguments: { message: 'hällo' } }))).toContain('hällo');

    let steps = 0;
    const long = { name: 'trigger-long-running-operation', arguments: { duration: 0.5, steps: 3 } };
    await client.callTool(long, undefined, { onprogress: () => (steps += 1) });
    expect(steps).toBeGreaterThanOrEqual(2);

    const sampling = { name: 'trigger-sampling-request', arguments: { prompt: 'hi', maxTokens: 10 } };
    expect(JSON.stringify(await client.callTool(sampling))).toContain('sampled-words');
    await client.callTool({ name: 'trigger-elicitation-request', arguments: {} });
    expect(requests).toEqual(['sampling', 'elicitation']);
    await transport.terminateSession();
    expect(transport.sessionId).toBeUndefined();
    await client.close();
  });

  test('1.x: every form of the URL works without a redirect', async () => {
    for (const path of ['/both', '/both/', '/both/mcp', '/both/mcp/']) {
      const { client, transport } = await connectOld(path);
      await client.connect(transport);
      expect((await client.listTools()).tools.length).toBeGreaterThan(3);
      await client.close();
    }
  });

  test('2.x detects the era of each server, and can call it', async () => {
    const old = await connectNew('/everything/mcp');
    expect(old.getProtocolEra()).toBe('legacy');
    expect(JSON.stringify(await old.callTool({ name: 'echo', arguments: { message: 'x' } }))).toContain('x');
    await old.close();
    for (const path of ['/both/mcp', '/modern/mcp']) {
      const client = await connectNew(path);
      expect(client.getProtocolEra()).toBe('modern');
      expect(client.getDiscoverResult()).toBeDefined();
      expect((await client.listTools()).tools.length).toBeGreaterThan(0);
      await client.close();
    }
    const caller = await connectNew('/modern');
    expect(JSON.stringify(await caller.callTool({ name: 'say', arguments: { word: 'größe' } }))).toContain('größe');
    await caller.close();
    await waitFor('the line', () =>
      gate.calls().some((line) => line.server === 'modern' && line.era === 'modern' && line.tools[0] === 'say'),
    );
  });

  test('1.x at a server of the new era alone gets the error of that server', async () => {
    const { client, transport } = await connectOld('/modern');
    await expect(client.connect(transport)).rejects.toThrow(/-32022|400/);
  });

  test('a broken stream is resumed with Last-Event-ID in its own session', async () => {
    const { client, transport } = await connectOld('/both');
    await client.connect(transport);
    const result = await client.callTool({ name: 'test_reconnection', arguments: {} });
    expect(result.content).toBeDefined();
    await client.close();
  });

  test('2.x does not mistake an unavailable server or a missing key for another era', async () => {
    await expect(connectNew('/off')).rejects.toMatchObject({ message: expect.stringContaining('503') as string });
    const keyless = new ModernClient({ name: 'new', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    await expect(keyless.connect(new ModernTransport(at('/both')))).rejects.toMatchObject({ status: 401 });
  });
});
