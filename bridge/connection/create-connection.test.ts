import { expect, test } from 'vitest';
import { BridgeError } from '../bridge-error.ts';
import type { Caller } from './caller.ts';
import { createConnection } from './create-connection.ts';
import type { Message, RequestMessage } from './message.ts';

function connect() {
  const written: Message[] = [];
  const connection = createConnection({
    write: (message) => written.push(message) > 0,
    callTimeoutMs: 60_000,
    onNotification: () => undefined,
  });
  const createCaller = () => {
    const delivered: { message: unknown; relatedTo: unknown }[] = [];
    const caller: Caller = { deliver: (message, relatedTo) => void delivered.push({ message, relatedTo }) };
    connection.attach(caller);
    return { caller, delivered };
  };
  return { written, connection, createCaller };
}
const call = (id: number, params = {}): RequestMessage => ({ jsonrpc: '2.0', id, method: 'tools/call', params });

test('callers with the same ids get their own results', async () => {
  const { written, connection, createCaller } = connect();
  const outcomes = [createCaller(), createCaller()].map(({ caller }) => connection.request(caller, call(1)));
  const ids = written.map((message) => (message as RequestMessage).id);
  expect(new Set(ids).size).toBe(2);
  connection.receive({ jsonrpc: '2.0', id: ids[1] ?? 0, result: { of: 'second' } });
  connection.receive({ jsonrpc: '2.0', id: ids[0] ?? 0, result: { of: 'first' } });
  expect(await Promise.all(outcomes)).toEqual([{ result: { of: 'first' } }, { result: { of: 'second' } }]);
});

test('progress is delivered to its request, with the token of the caller', () => {
  const { written, connection, createCaller } = connect();
  const [first, second] = [createCaller(), createCaller()];
  void connection.request(first.caller, call(5, { _meta: { progressToken: 'mine' } }));
  void connection.request(second.caller, call(5, { _meta: { progressToken: 'mine' } }));
  const { _meta } = (written[1] as RequestMessage).params as { _meta: { progressToken: number } };
  const params = { progressToken: _meta.progressToken, progress: 1 };
  connection.receive({ jsonrpc: '2.0', method: 'notifications/progress', params });
  expect(first.delivered).toEqual([]);
  expect(second.delivered).toMatchObject([
    { message: { params: { progressToken: 'mine', progress: 1 } }, relatedTo: 5 },
  ]);
});

test('a server request is delivered to the only caller with a call in progress; with several callers it is refused', () => {
  const { written, connection, createCaller } = connect();
  const [first, second] = [createCaller(), createCaller()];
  void connection.request(first.caller, call(1));
  const question: RequestMessage = { jsonrpc: '2.0', id: 'q', method: 'elicitation/create', params: {} };
  connection.receive(question);
  expect(first.delivered).toEqual([{ message: question, relatedTo: 1 }]);
  connection.respond(second.caller, { jsonrpc: '2.0', id: 'q', result: { action: 'accept' } });
  expect(written.length).toBe(1);
  connection.respond(first.caller, { jsonrpc: '2.0', id: 'q', result: { action: 'decline' } });
  expect(written.at(-1)).toMatchObject({ id: 'q', result: { action: 'decline' } });

  void connection.request(second.caller, call(1));
  connection.receive({ ...question, id: 'r' });
  expect(written.at(-1)).toMatchObject({ id: 'r', error: { data: { reason: 'client_ambiguous' } } });
});

test('a server request during a ping of the bridge is delivered to the client', () => {
  const { connection, createCaller } = connect();
  const { delivered, caller } = createCaller();
  const self: Caller = { isBridge: true, deliver: () => undefined };
  const question: RequestMessage = { jsonrpc: '2.0', id: 'q', method: 'roots/list', params: {} };
  void connection.request(caller, call(1));
  void connection.request(self, { jsonrpc: '2.0', id: 'ping', method: 'ping' });
  connection.receive(question);
  expect(delivered).toEqual([{ message: question, relatedTo: 1 }]);
});

test('a cancelled request is cancelled by the id that the program knows, and its stream ends', async () => {
  const { written, connection, createCaller } = connect();
  const { caller } = createCaller();
  const outcome = connection.request(caller, call(9));
  connection.cancel(caller, { requestId: 9, reason: 'enough' });
  const { id } = written[0] as RequestMessage;
  expect(written[1]).toMatchObject({ method: 'notifications/cancelled', params: { requestId: id, reason: 'enough' } });
  expect(await outcome).toMatchObject({ error: { message: 'the request was cancelled' } });
  expect(connection.count()).toBe(0);
});

test('a resource is subscribed once, until the last caller detaches; updates are delivered to subscribers', () => {
  const { written, connection, createCaller } = connect();
  const [first, second, third] = [createCaller(), createCaller(), createCaller()];
  const params = { uri: 'a://b' };
  for (const { caller } of [first, second])
    void connection.request(caller, { jsonrpc: '2.0', id: 1, method: 'resources/subscribe', params });
  connection.receive({ jsonrpc: '2.0', method: 'notifications/resources/updated', params });
  expect([first, second, third].map(({ delivered }) => delivered.length)).toEqual([1, 1, 0]);
  connection.detach(first.caller);
  connection.detach(second.caller);
  const methods = written.map((message) => (message as RequestMessage).method);
  expect(methods.filter((method) => method.startsWith('resources/'))).toEqual([
    'resources/subscribe',
    'resources/unsubscribe',
  ]);
});

test('when the program ends, its error is the outcome of every request, later ones included', async () => {
  const { connection, createCaller } = connect();
  const { caller } = createCaller();
  const outcome = connection.request(caller, call(1));
  connection.end(new BridgeError('program_ended', 'it ended', 'start it'));
  const error = {
    code: -32_055,
    message: 'it ended',
    data: { status: 503, reason: 'program_ended', hint: 'start it' },
  };
  expect(await outcome).toEqual({ error });
  expect(await connection.request(caller, call(2))).toEqual({ error });
});
