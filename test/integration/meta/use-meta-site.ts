import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll } from 'vitest';
import { startModernOnly } from '../../fixtures/backends/compliant/modern-only.ts';
import { startHangs } from '../../fixtures/backends/faulty/hangs.ts';
import { startEverything } from '../../support/gateway/start-everything.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';

/** A line of calls.log. */
export interface Line {
  agent: string;
  server: string;
  tools: string[];
}

/** The result of a tool. */
export interface Called {
  content: { text: string }[];
  isError?: boolean;
}
export const textOf = (called: object) => (called as Called).content[0]?.text ?? '';

/** Calls a tool of the meta endpoint and parses the JSON of its result. */
export async function ask<Answer>(client: Client | ModernClient, name: string, args: Record<string, unknown> = {}) {
  return JSON.parse(textOf(await client.callTool({ name, arguments: args }))) as Answer;
}

/** Starts a gateway before the tests of a file, with the servers `everything`, `modern`, `hangs` and `down`. */
export function useMetaSite() {
  const closers: (() => Promise<void>)[] = [];
  const clients: { close: () => Promise<void> }[] = [];
  const clientInfo = { name: 'agent', version: '1' };
  const site = {
    gateway: {} as Gateway,
    /** URL of `everything`. */
    everything: '',
    pidOf: (name: string) => Number(readFileSync(join(site.gateway.dataDir, 'supervise', name, 'pgid'), 'utf8')),
    connect: async (key: string, path = 'mcp'): Promise<Client> => {
      const client = new Client(clientInfo, { capabilities: { elicitation: {} } });
      const requestInit = { headers: { Authorization: `Bearer ${key}` } };
      await client.connect(new StreamableHTTPClientTransport(new URL(`${site.gateway.url}/${path}`), { requestInit }));
      clients.push(client);
      return client;
    },
    connectModern: async (key: string): Promise<ModernClient> => {
      const client = new ModernClient(clientInfo, {
        capabilities: { elicitation: { form: {} } },
        versionNegotiation: { mode: 'auto' },
      });
      const requestInit = { headers: { Authorization: `Bearer ${key}` } };
      await client.connect(new ModernTransport(new URL(`${site.gateway.url}/mcp`), { requestInit }));
      clients.push(client);
      return client;
    },
    readLines: () =>
      readFileSync(join(site.gateway.logDir, 'calls.log'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Line),
    setToolList: (name: string, toolList: string) =>
      site.gateway.admin.must('PATCH', `/api/agents/${name}`, { toolList }),
  };
  beforeAll(async () => {
    const [everything, modern, hangs] = await Promise.all([startEverything(), startModernOnly(), startHangs()]);
    closers.push(everything.close, modern.close, hangs.close);
    site.everything = everything.url;
    site.gateway = await startGateway();
    closers.push(site.gateway.close);
    const servers = [
      { path: 'everything', url: everything.url, description: 'the reference server', tags: ['demo'] },
      { path: 'modern', url: modern.url },
      { path: 'hangs', url: hangs.url },
      { path: 'down', url: 'http://127.0.0.1:9/mcp' },
    ];
    for (const server of servers) await site.gateway.register(server);
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    for (const close of closers.reverse()) await close();
  });
  return site;
}
