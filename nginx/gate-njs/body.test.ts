import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBody, readId } from './body.ts';

const read = (text: string | Buffer) => readBody(Buffer.from(text as string));
const call = (more: string) => `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo"${more}}}`;

test('a call is read: id, method, tool', () => {
  expect(read(call(',"arguments":{"a":[1,{"b":null}]}'))).toEqual({
    id: 7,
    messages: [{ method: 'tools/call', name: 'echo' }],
    methods: ['tools/call'],
    tools: ['echo'],
    version: undefined,
  });
});

test('every message of a batch counts', () => {
  const body = read('[{"method":"tools/call","params":{"name":"a"}},{"id":1,"result":{}},{"method":"ping"}]');
  expect(body).toMatchObject({
    id: null,
    tools: ['a'],
    messages: [{ name: 'a' }, { method: null }, { method: 'ping' }],
  });
});

test.each([
  ['', 'body_missing'],
  ['nul', 'not_json'],
  ['{"a":1,}', 'not_json'],
  ["{'a':1}", 'not_json'],
  ['{"id":01,"method":"x"}', 'not_json'],
  ['{"id":1.,"method":"x"}', 'not_json'],
  ['{"id":.5,"method":"x"}', 'not_json'],
  ['NaN', 'not_json'],
  ['"text"', 'not_json'],
  ['1', 'not_json'],
  ['\ufeff{"method":"x"}', 'byte_order_mark'],
  ['{"a":"\u0001"}', 'not_json'],
  ['{"method":"x","method":"y"}', 'key_twice'],
  ['{"method":"x","\\u006dethod":"y"}', 'key_twice'],
  ['{"method":"x","params":{"a":{"b":1,"b" :2}}}', 'key_twice'],
  ['{"method":"x","params":[{"":1,"":2}]}', 'key_twice'],
  ['{"method":"x","params":{"\\"":1,"\\"":2}}', 'key_twice'],
  ['{"method":"x","params":{"a\\\\":1,"a\\\\"\n:2}}', 'key_twice'],
  ['{"method":"x","__proto__":1,"__proto__":2}', 'key_twice'],
  ['[]', 'not_a_message'],
  ['[[{"method":"x"}]]', 'not_a_message'],
  ['[{"method":"x"},3]', 'not_a_message'],
  ['{}', 'not_a_message'],
  ['{"method":["tools/call"]}', 'not_a_message'],
  ['{"method":"tools/call"}', 'tool_missing'],
  ['{"method":"tools/call","params":{"name":["echo"]}}', 'tool_missing'],
  ['{"method":"tools/call","params":{"name":"\\ufffd"}}', 'tool_missing'],
])('%s is refused: %s', (text, reason) => {
  expect(read(text)).toMatchObject({ reason });
});

test.each([
  '{"method":"x","params":{"text":"a\\": 1, \\"a\\": 2"}}',
  '{"method":"x","params":{"text":"\\\\","b":"\\\\\\""}}',
  '{"method":"x" , "params" : { "a":{ "a" : { "a":1 } } } }',
  '{"method":"x","params":{"text":"{\\"k\\":1,\\"k\\":2}"}}',
  '{"method":"x","params":{"n":[0,-0.5,1e5,10,100.25E-2],"s":"v1. 01 .5"}}',
  '{"method":"x","__proto__":{"constructor":1}}',
])('%s is read', (text) => {
  expect(read(text)).toMatchObject({ messages: [{ method: 'x' }] });
});

test('bytes that are no UTF-8 are refused, the replacement character itself is not', () => {
  expect(read(Buffer.from([0x7b, 0xff, 0x7d]))).toMatchObject({ reason: 'not_utf8' });
  expect(
    read(Buffer.concat([Buffer.from('{"method":"x","a":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')])),
  ).toMatchObject({ reason: 'not_utf8' });
  expect(read('{"method":"x","a":"\ufffd"}')).toMatchObject({ messages: [{ method: 'x' }] });
});

test('200,000 members are read, more are not; commas in a text are none', () => {
  const array = (length: number) => `{"method":"x","params":[${Array(length).fill('0').join(',')}]}`;
  expect(read(array(199_990))).toMatchObject({ messages: [{ method: 'x' }] });
  expect(read(array(200_010))).toMatchObject({ reason: 'too_many_members' });
  expect(read(`{"method":"x","params":"${','.repeat(300_000)}"}`)).toMatchObject({ messages: [{ method: 'x' }] });
});

test('for any value: its JSON is read, and with a key doubled anywhere it is refused', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), fc.string(), (json, key) => {
      const name = JSON.stringify(key);
      const once = `{"method":"x","params":{"v":${json}}}`;
      expect('messages' in read(once) || JSON.stringify(JSON.parse(json)) !== json).toBe(true);
      const twice = `{"method":"x","params":[{${name}:1,"w":${json},${name} :2}]}`;
      expect(read(twice)).toMatchObject({ reason: 'key_twice' });
    }),
  );
});

test('a text that JSON does not know is never read', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const body = read(text);
      if ('messages' in body) JSON.parse(text);
    }),
  );
});

test('the id of a body that is not judged', () => {
  expect(readId(Buffer.from('{"id":"a"}'))).toBe('a');
  expect(readId(Buffer.from('{"id":{}}'))).toBeNull();
  expect(readId(Buffer.from('[{"id":1}]'))).toBeNull();
  expect(readId(Buffer.from('nonsense'))).toBeNull();
  expect(readId(undefined)).toBeNull();
});
