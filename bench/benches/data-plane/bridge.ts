import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { startBridge, type RunningBridge } from '../../../test/support/bridge/start-bridge.ts';
import { ODD } from '../../../test/support/bridge/stdio-servers.ts';
import { connectClient } from '../../../test/support/gateway/call-tool.ts';
import { startGateway, type Gateway } from '../../../test/support/gateway/start-gateway.ts';
import { listDescriptors } from '../../../test/support/processes/list-descriptors.ts';
import { listChildren } from '../../../test/support/processes/list-processes.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import { startLightServers } from '../../backends/start-light-servers.ts';
import { startStdioPeers } from '../../backends/start-stdio-peers.ts';
import { withClosers } from '../../measure/closers.ts';
import { readCpuTimeUs } from '../../measure/cpu-time.ts';
import { listProcessTree, readPssMb } from '../../measure/pss.ts';
import type { Bench } from '../../measure/report/report.ts';
import { median, showSpread, shuffle } from '../../measure/statistics.ts';

const ROUNDS = 5;
const CALLS = 300;
const WARM_UP = 50;
const SESSIONS = 20;
const COMING = 500;
const AT_ONCE = 10;
const KILLS = 5;
const BACK_MS = 2_000;
/** A program that does not end by itself is killed after 3 s. */
const SETTLE_MS = 10_000;

/** A route to the server: its processes, without the server's own, and how a client connects. */
interface Route {
  name: string;
  pids: () => number[];
  connect: () => Promise<Client>;
}

async function connectHttp(url: string): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return client;
}

async function connectStdio(): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1' });
  await client.connect(new StdioClientTransport({ command: ODD.command, args: ODD.args, stderr: 'ignore' }));
  return client;
}

const call = (client: Client) => client.callTool({ name: 'pid', arguments: {} });

/** One round: calls one after another in a new session. */
async function measure(route: Route): Promise<{ p50Ms: number; cpuUs: number }> {
  const client = await route.connect();
  for (let count = 0; count < WARM_UP; count += 1) await call(client);
  const before = readCpuTimeUs(route.pids());
  const durationsMs: number[] = [];
  for (let count = 0; count < CALLS; count += 1) {
    const began = performance.now();
    await call(client);
    durationsMs.push(performance.now() - began);
  }
  const cpuUs = (readCpuTimeUs(route.pids()) - before) / CALLS;
  await endSession(client);
  return { p50Ms: median(durationsMs), cpuUs };
}

async function endSession(client: Client): Promise<void> {
  if (client.transport instanceof StreamableHTTPClientTransport) await client.transport.terminateSession();
  await client.close();
}

/** MB of the processes of a route per open session, with SESSIONS of them. */
async function measureMemory(route: Route): Promise<number> {
  const clients = await Promise.all(Array.from({ length: SESSIONS }, () => route.connect()));
  for (const client of clients) await call(client);
  const found = route.pids().reduce((sum, pid) => sum + readPssMb(pid), 0) / SESSIONS;
  for (const client of clients) await endSession(client);
  return found;
}

const pidOf = (gateway: Gateway, name: string) =>
  Number(readFileSync(join(gateway.dataDir, 'supervise', name, 'pgid'), 'utf8'));

/** Opens and ends sessions, each with its own process: counts what the bridge has afterwards that it did not have before. */
async function openAndEnd(bridge: RunningBridge): Promise<{ children: number; descriptors: number }> {
  const use = async () => {
    const { client, transport } = await bridge.connect('odd');
    await call(client);
    await transport.terminateSession();
    await client.close();
  };
  const measure = () => ({
    children: listChildren(bridge.program.pid),
    descriptors: listDescriptors(bridge.program.pid),
  });
  await Promise.all(Array.from({ length: AT_ONCE }, use));
  await waitFor('the end of its programs', async () => (await bridge.status('odd')).processes.length === 0);
  const before = measure();
  for (let done = 0; done < COMING; done += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, use));
  const countLeft = () => {
    const now = measure();
    return {
      children: now.children.filter((one) => !before.children.includes(one)).length,
      descriptors: now.descriptors.filter((one) => !before.descriptors.includes(one)).length,
    };
  };
  // The client keeps its connections open for seconds after its sessions have ended.
  await bridge.hangUp();
  const isNothing = () => Object.values(countLeft()).every((count) => count === 0);
  await waitFor('the end of all sessions', isNothing, SETTLE_MS).catch(() => undefined);
  return countLeft();
}

/** Kills the bridge with SIGKILL; returns the ms until its server responds again, and the statuses of another server meanwhile. */
async function killBridge(gateway: Gateway, key: string): Promise<{ backMs: number; others: Set<number> }> {
  const request = async (path: string) => {
    const response = await fetch(`${gateway.url}/${path}/mcp`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"b","version":"1"}}}',
    });
    await response.body?.cancel();
    return response.status;
  };
  const others = new Set<number>();
  const killed = pidOf(gateway, 'bridge');
  // Each kill must be the first: a service that keeps dying is restarted with a delay, on purpose.
  rmSync(join(gateway.dataDir, 'supervise/bridge/deaths'), { force: true });
  const began = performance.now();
  process.kill(killed, 'SIGKILL');
  for (;;) {
    const status = await request('odd');
    others.add(await request('other'));
    if (status === 200 && pidOf(gateway, 'bridge') !== killed) return { backMs: performance.now() - began, others };
    if (status !== 503 && status !== 200) throw new Error(`its server responded with ${status}`);
    // Like an agent that retries, without taking the CPU from the services that start.
    await sleep(20);
  }
}

/** The bridge compared with the same server over plain stdio and with npm packages for the same purpose; opened and ended sessions; a killed bridge. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const bridge = defer(await startBridge());
    bridge.register('odd', ODD);
    await bridge.check('odd');
    const gateway = defer(await startGateway({ env: { STDIO_COMMANDS: 'allow' } }));
    await gateway.register({ path: 'odd', ...ODD });
    const { urls } = defer(await startLightServers(1));
    await gateway.register({ path: 'other', url: urls[0] });
    const { key } = await gateway.createAgent(['*']);
    const { peers } = defer(await startStdioPeers([ODD.command, ...ODD.args]));
    const routes: Route[] = [
      { name: 'stdio', pids: () => [], connect: connectStdio },
      { name: 'bridge', pids: () => [bridge.program.pid], connect: async () => (await bridge.connect('odd')).client },
      {
        name: 'gateway (NGINX, gate, bridge)',
        pids: () => [...listProcessTree(pidOf(gateway, 'nginx')), pidOf(gateway, 'bridge')],
        connect: () => connectClient(`${gateway.url}/odd/mcp`, key),
      },
      ...peers.map(({ name, url, pid }) => ({ name, pids: () => [pid], connect: () => connectHttp(url) })),
    ];
    const rounds = new Map(routes.map(({ name }) => [name, [] as { p50Ms: number; cpuUs: number; added: number }[]]));
    for (let round = 0; round < ROUNDS; round += 1) {
      const found = new Map<string, { p50Ms: number; cpuUs: number }>();
      for (const route of shuffle(routes)) found.set(route.name, await measure(route));
      const plain = found.get('stdio')?.p50Ms ?? 0;
      for (const [name, one] of found) rounds.get(name)?.push({ ...one, added: one.p50Ms - plain });
    }
    const of = (name: string, what: 'p50Ms' | 'cpuUs' | 'added') => (rounds.get(name) ?? []).map((one) => one[what]);
    const memory = new Map<string, number>();
    for (const route of routes) memory.set(route.name, await measureMemory(route));
    const left = await openAndEnd(bridge);
    const kills: Awaited<ReturnType<typeof killBridge>>[] = [];
    for (let count = 0; count < KILLS; count += 1) kills.push(await killBridge(gateway, key));
    const longest = Math.max(...kills.map(({ backMs }) => backMs));
    const others = [...new Set(kills.flatMap((one) => [...one.others]))];

    const added = (name: string) => median(of(name, 'added'));
    const fastest = Math.min(...peers.map(({ name }) => added(name)));
    const smallest = Math.min(...peers.map(({ name }) => memory.get(name) ?? 0));
    const bridgeMb = memory.get('bridge') ?? 0;
    return {
      title: 'Bridged calls',
      method: `The same server, a program that responds at once, over plain stdio, through the bridge's own socket (started as the gateway starts it), through the whole gateway, and through npm packages that offer stdio servers over Streamable HTTP, with sessions. The client is the official SDK; ${CALLS} calls one after another in one session, ${ROUNDS} rounds in shuffled order. CPU and memory (PSS) are those of the processes between client and server, without the server's; memory is measured with ${SESSIONS} sessions open and divided by ${SESSIONS}, Node itself included. Then ${COMING} sessions with their own process, ${AT_ONCE} at a time, and ${KILLS} times kill -9 of the gateway's bridge.`,
      columns: ['route', 'p50 ms', 'added, ms', 'CPU µs a call', 'MB per session'],
      rows: routes.map(({ name }) => [
        name,
        showSpread(of(name, 'p50Ms'), 2),
        name === 'stdio' ? '' : showSpread(of(name, 'added'), 2),
        name === 'stdio' ? '' : showSpread(of(name, 'cpuUs'), 0),
        name === 'stdio' ? '' : (memory.get(name) ?? 0).toFixed(1),
      ]),
      bars: [
        {
          what: 'added by the bridge, compared with the fastest other',
          bar: `≤ ${fastest.toFixed(2)} ms`,
          value: `${added('bridge').toFixed(2)} ms`,
          met: added('bridge') <= fastest,
        },
        {
          what: 'memory of the bridge per session, compared with the smallest other',
          bar: `≤ ${(smallest / 2).toFixed(1)} MB (half)`,
          value: `${bridgeMb.toFixed(1)} MB`,
          met: bridgeMb <= smallest / 2,
        },
        {
          what: `after ${COMING} sessions: children and descriptors (listeners among them) left`,
          bar: '0 and 0',
          value: `${left.children} and ${left.descriptors}`,
          met: left.children === 0 && left.descriptors === 0,
        },
        {
          what: 'bridge killed to its server responding again, longest',
          bar: `≤ ${BACK_MS / 1_000} s`,
          value: `${(longest / 1_000).toFixed(2)} s`,
          met: longest <= BACK_MS,
        },
        {
          what: 'responses of another server meanwhile',
          bar: 'all 200',
          value: others.join(', '),
          met: others.every((status) => status === 200),
        },
      ],
    };
  });
