import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEverythingFixture } from '../../fixtures/everything/start.ts';
import { startWebSocket, type WebSocketFixture } from '../../fixtures/backends/streams/websocket.ts';
import type { Fixture } from '../../fixtures/kit/listen.ts';
import { connectAs, CLIENT_KINDS, type ClientKind } from '../../support/bridge/connect-as.ts';
import { EVERYTHING } from '../../support/bridge/stdio-servers.ts';
import { ROOT, startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { findFreePorts } from '../../support/processes/free-ports.ts';
import { runProgram, type RunningProgram } from '../../support/processes/run-program.ts';
import { waitFor } from '../../support/wait-for.ts';

/** The reference server over HTTP, as a process that can be killed. */
async function startReference(kind: 'sse' | 'streamableHttp', port: number): Promise<RunningProgram> {
  const program = runProgram(EVERYTHING.command, [EVERYTHING.args[0] ?? '', kind], {
    env: { PATH: process.env['PATH'], PORT: String(port) },
    cwd: ROOT,
  });
  await waitFor(`server-everything by ${kind}`, async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/mcp`);
    await answer.body?.cancel();
    return answer.status > 0;
  });
  return program;
}

let gateway: Gateway;
let webSocket: WebSocketFixture;
let modern: Fixture;
let programs: RunningProgram[];
let key: string;
let httpPort: number;

beforeAll(async () => {
  const ports = await findFreePorts(2);
  const [ssePort = 0] = ports;
  httpPort = ports[1] ?? 0;
  [gateway, webSocket, modern, programs] = await Promise.all([
    startGateway({ env: { STDIO_COMMANDS: 'allow' } }),
    startWebSocket({ token: 'upstream-token' }),
    startEverythingFixture({ era: 'modern' }),
    Promise.all([startReference('sse', ssePort), startReference('streamableHttp', httpPort)]),
  ]);
  const servers = [
    { path: 'websocket', url: webSocket.url, headers: { Authorization: 'Bearer upstream-token' } },
    { path: 'by-sse', url: `http://127.0.0.1:${ssePort}/sse`, adapt: true },
    { path: 'by-http', url: `http://127.0.0.1:${httpPort}/mcp`, adapt: true },
    { path: 'modern-only', url: modern.url, adapt: true },
    { path: 'by-stdio', ...EVERYTHING },
  ];
  for (const server of servers) await gateway.register(server);
  ({ key } = await gateway.createAgent(servers.map(({ path }) => path)));
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([webSocket.close(), modern.close(), ...programs.map((one) => one.stop('SIGKILL'))]);
});

const at = (path: string) => `${gateway.url}/${path}/mcp`;
const connect = (kind: ClientKind, path: string) => connectAs(kind, at(path), key);

test('the servers are registered, healthy and have tools; their transport is reported', async () => {
  const shown = await Promise.all(
    ['websocket', 'by-sse', 'by-http', 'modern-only'].map((path) => gateway.admin.must('GET', `/api/servers/${path}`)),
  );
  for (const server of shown) {
    expect(server).toMatchObject({ health: 'healthy', configuration: 'live', error: null });
    expect(server['endpoints']).toEqual({ mcp: true, sse: true });
    expect(server['toolCount']).toBeGreaterThan(5);
  }
  expect(shown.map(({ transport }) => transport)).toEqual(['websocket', 'auto', 'auto', 'auto']);
  expect(shown.map(({ adapt }) => adapt)).toEqual([false, true, true, true]);
  expect(JSON.stringify(shown)).not.toContain('upstream-token');
});

describe.each(['websocket', 'by-sse', 'by-http', 'by-stdio'])('the reference server %s', (path) => {
  test.each(CLIENT_KINDS)('called by a client that speaks %s', async (kind) => {
    const { call, client, notified, close } = await connect(kind, path);
    expect((await client.listTools()).tools.length).toBeGreaterThan(10);
    expect(client.getInstructions()).toContain('Everything');
    expect(await call('echo', { message: 'größe' })).toContain('größe');
    expect(JSON.stringify(await client.listResources())).toContain('demo://resource');
    expect(JSON.stringify(await client.readResource({ uri: 'demo://resource/dynamic/text/1' }))).toContain('text');
    expect((await client.listPrompts()).prompts.length).toBeGreaterThan(1);
    expect(JSON.stringify(await client.getPrompt({ name: 'simple-prompt' }))).toContain('prompt');
    const progress: number[] = [];
    const onprogress = ({ total, progress: made }: { progress: number; total?: number | undefined }) => {
      // A client without sessions reports its own answers too.
      if (total === 4) progress.push(made);
    };
    await call('trigger-long-running-operation', { duration: 0.4, steps: 4 }, { onprogress });
    // A client without sessions misses progress that arrives while it answers a question, or together with the result (SDK 1.x).
    expect(progress.length).toBeGreaterThan(0);
    expect(await call('trigger-sampling-request', { prompt: 'hi' })).toContain('a sampled answer');
    expect(await call('trigger-elicitation-request')).toContain('Ada');
    if (kind !== 'modern') expect(await call('get-roots-list')).toContain('a-root');
    await expect(call('no-such-tool')).resolves.toContain('no-such-tool');
    if (kind !== 'modern') {
      await call('toggle-simulated-logging');
      await waitFor('a log message', () => notified.some((one) => one.startsWith('log')));
      await client.subscribeResource({ uri: 'demo://resource/dynamic/text/1' });
      await call('toggle-subscriber-updates');
      await waitFor('an update', () => notified.includes('notifications/resources/updated'));
    }
    await close();
  });

  test('a cancelled call ends at the server too', async () => {
    const { call, close } = await connect('sessions', path);
    const stop = new AbortController();
    const onprogress = () => stop.abort();
    await expect(
      call('trigger-long-running-operation', { duration: 60, steps: 600 }, { signal: stop.signal, onprogress }),
    ).rejects.toThrow();
    expect(await call('echo', { message: 'still there' })).toContain('still there');
    await close();
  });
});

test.each(CLIENT_KINDS)('a server without sessions, called by a client that speaks %s', async (kind) => {
  const { call, client, notified, close } = await connect(kind, 'modern-only');
  expect((await client.listTools()).tools.length).toBeGreaterThan(10);
  expect(await call('test_simple_text')).toContain('text');
  expect(await call('test_error_handling')).toContain('isError');
  const progress: number[] = [];
  await call('test_tool_with_progress', {}, { onprogress: (made) => progress.push(made.progress) });
  expect(progress).toEqual(expect.arrayContaining([0, 50]));
  expect(await call('test_input_required_result_elicitation')).toContain('Hello, Ada!');
  expect(await call('test_input_required_result_sampling')).toContain('a sampled answer');
  expect(await call('test_input_required_result_list_roots')).toContain('a-root');
  expect(await call('test_input_required_result_multiple_inputs')).toContain('All three');
  expect(await call('test_input_required_result_multi_round')).toContain('Both rounds');
  expect(await call('test_header_parameter', { message: 'größe' })).toContain('Message: größe');
  expect(JSON.stringify(await client.readResource({ uri: 'test://static-text' }))).toContain('text');
  expect(JSON.stringify(await client.getPrompt({ name: 'test_simple_prompt' }))).toContain('prompt');
  if (kind !== 'modern') {
    await client.setLoggingLevel('debug');
    await call('test_tool_with_logging');
    await waitFor('log messages', () => notified.filter((one) => one.startsWith('log')).length === 3);
    await waitFor('a changed list', async () => {
      await call('test_trigger_tool_change');
      return notified.includes('notifications/tools/list_changed');
    });
  }
  await close();
});

test('a tool with an argument that is also a header can be called through the meta endpoint, with its server not adapted', async () => {
  await gateway.register({ path: 'as-it-is', url: modern.url });
  const agent = await gateway.createAgent(['as-it-is']);
  const { call, close } = await connectAs('sessions', `${gateway.url}/mcp`, agent.key);
  const args = { server: 'as-it-is', tool: 'test_header_parameter', arguments: { message: 'größe' } };
  // The second call knows the headers already.
  for (let round = 0; round < 2; round += 1) expect(await call('gateway_invoke', args)).toContain('Message: größe');
  await close();
});

test('each session of a client has its own connection, which ends with it', async () => {
  const before = webSocket.connections();
  const [one, other] = [await connect('sessions', 'websocket'), await connect('sse', 'websocket')];
  expect(webSocket.connections()).toBe(before + 2);
  await one.close();
  await other.close();
  await waitFor('closed connections', () => webSocket.connections() === before);
});

test('a lost connection fails the call with a reason that does not contain the address; the next call reconnects', async () => {
  const { call, close } = await connect('sessions', 'websocket');
  let isDropped = false;
  // Progress that was in transit arrives later, and must not end the next connection.
  const dropOnce = () => {
    if (!isDropped) webSocket.drop();
    isDropped = true;
  };
  const lost = call('trigger-long-running-operation', { duration: 60, steps: 6_000 }, { onprogress: dropOnce });
  await expect(lost).rejects.toThrow(/the connection to the server of "websocket" was lost/);
  await expect(lost).rejects.not.toThrow(String(webSocket.port));
  expect(await call('echo', { message: 'again' })).toContain('again');
  await close();
});

test('a session that the server has lost is opened again', async () => {
  const { call, close } = await connect('sessions', 'by-http');
  expect(await call('echo', { message: 'first' })).toContain('first');
  await programs[1]?.stop('SIGKILL');
  await expect(call('echo', { message: 'nobody' })).rejects.toThrow(/by-http/);
  programs[1] = await startReference('streamableHttp', httpPort);
  const answered = await waitFor('a reply', () => call('echo', { message: 'again' }).catch(() => false));
  expect(answered).toContain('again');
  await close();
});

test('a WebSocket server without subprotocol works; wrong credentials and unsuitable URLs are reported', async () => {
  const plain = await startWebSocket({ subprotocol: false });
  await gateway.register({ path: 'plain', url: plain.url });
  const agent = await gateway.createAgent(['plain', 'refused']);
  const { call, close } = await connectAs('sessions', at('plain'), agent.key);
  expect(await call('echo', { message: 'plain' })).toContain('plain');
  await close();
  await plain.close();
  const refused = await gateway.register({ path: 'refused', url: webSocket.url });
  expect(refused).toMatchObject({ health: 'unhealthy', error: expect.stringContaining('credentials') as string });
  await expect(connectAs('sessions', at('refused'), agent.key)).rejects.toThrow(/refuses the credentials/);
  const wrong = async (input: object) =>
    JSON.stringify((await gateway.admin.ask('POST', '/api/servers', { path: 'no', ...input })).body);
  expect(await wrong({ url: 'ws://169.254.169.254/mcp' })).toContain('cloud metadata');
  expect(await wrong({ url: 'http://127.0.0.1:1/mcp', transport: 'websocket' })).toContain('ws:// or wss://');
  expect(await wrong({ url: webSocket.url, transport: 'sse' })).toContain('WebSocket');
  expect(await wrong({ command: 'node', adapt: true })).toContain('adapt');
});

test('adaptation can be switched on and off; afterwards NGINX passes through again', async () => {
  const native = await startEverythingFixture({ era: 'modern' });
  const { id } = await gateway.register({ path: 'native', url: native.url });
  const agent = await gateway.createAgent(['native']);
  await expect(connectAs('sessions', at('native'), agent.key)).rejects.toThrow();
  const adapted = await gateway.admin.must('PATCH', '/api/servers/native', { adapt: true });
  expect(adapted).toMatchObject({ id, adapt: true, applied: true, health: 'healthy' });
  const { call, close } = await connectAs('sessions', at('native'), agent.key);
  expect(await call('test_simple_text')).toContain('text');
  await close();
  const off = await gateway.admin.must('PATCH', '/api/servers/native', { adapt: false });
  expect(off).toMatchObject({ adapt: false, health: 'healthy', endpoints: { mcp: true, sse: false } });
  await expect(connectAs('sessions', at('native'), agent.key)).rejects.toThrow();
  const two = { adapt: true, instances: [{ url: native.url }, { url: `${native.origin}/other` }] };
  expect(JSON.stringify((await gateway.admin.ask('PATCH', '/api/servers/native', two)).body)).toContain('one instance');
  await native.close();
});
