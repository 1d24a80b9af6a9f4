import { LOOSE } from './loose.ts';
import { NOT_JSON } from './not-json.ts';
import { READ } from './read.ts';
import { bytes, refused, type ScanCase } from './scan-case.ts';
import { TWICE } from './twice.ts';

export type { ScanCase } from './scan-case.ts';

const NESTED = (depth: number) => `{"method":"a","x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
const LONG_ID = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
const ESCAPED = (count: number) =>
  `{"method":"a","x":{${Array.from({ length: count }, (_, n) => `"\\u006b${n}":1`).join(',')}}}`;

/** Bodies for tests in Node, in luajit and through NGINX. */
export const SCAN_CASES: ScanCase[] = [
  ...READ,
  ...refused('body_missing', { nothing: '' }),
  ...refused('byte_order_mark', { 'a byte order mark': bytes(0xef, 0xbb, 0xbf) + '{"method":"x"}' }),
  ...refused('member_ambiguous', LOOSE),
  ...refused('key_twice', TWICE),
  ...refused('not_json', NOT_JSON),
  ...refused('not_utf8', {
    'a stray byte': `{"a":"${bytes(0xff)}"}`,
    'outside a string': bytes(0x7b, 0xff, 0x7d),
    'a continuation byte': `{"a":"${bytes(0x80)}"}`,
    'overlong NUL': `{"method":"${bytes(0xc0, 0x80)}"}`,
    'overlong of three': `{"a":"${bytes(0xe0, 0x9f, 0xbf)}"}`,
    'overlong of four': `{"a":"${bytes(0xf0, 0x8f, 0xbf, 0xbf)}"}`,
    'a surrogate': `{"method":"${bytes(0xed, 0xa0, 0x80)}"}`,
    'above U+10FFFF': `{"a":"${bytes(0xf4, 0x90, 0x80, 0x80)}"}`,
    'cut off': `{"a":"${bytes(0xe2, 0x82)}"}`,
    'in a key': `{"${bytes(0xc3)}":1}`,
  }),
  ...refused('not_a_message', {
    'an empty batch': '[]',
    'a batch in a batch': '[[{"method":"x"}]]',
    'a number in a batch': '[{"method":"x"},3]',
    'a string in a batch': '["x"]',
    'null in a batch': '[null]',
    nothing: '{}',
    'an id alone': '{"id":{}}',
    'a method that is an array': '{"method":["tools/call"]}',
    'a method that is null': '{"method":null}',
    'a method of half a pair': '{"method":"\\ud800"}',
    'one of two': '[{"method":"x"},{}]',
  }),
  ...refused('tool_missing', {
    'no params': '{"method":"tools/call"}',
    'a name that is an array': '{"method":"tools/call","params":{"name":["echo"]}}',
    'a name of U+FFFD': '{"method":"tools/call","params":{"name":"\\ufffd"}}',
    'a name of half a pair': '{"method":"tools/call","params":{"name":"\\ud800"}}',
    'a name outside params': '{"method":"tools/call","name":"echo"}',
  }),
  { name: 'refused, its id last', body: '{"method":"x","a":1,"a":2,"id":1.0}', reason: 'key_twice', id: '1.0' },
  { name: 'refused, its id twice', body: '{"method":"x","id":1,"id":2}', reason: 'key_twice' },
  {
    name: 'refused, with a loose name',
    body: '{"id":1e2,"method":"x","Method":"y"}',
    reason: 'member_ambiguous',
    id: '1e2',
  },
  { name: 'refused, no JSON', body: '{"id":1,"method":"x"', reason: 'not_json' },
  { name: '128 deep', body: NESTED(128) },
  { name: '129 deep', body: NESTED(129), reason: 'too_deep' },
  { name: '50,000 escaped keys', body: ESCAPED(50_000) },
  { name: '50,001 escaped keys', body: ESCAPED(50_001), reason: 'too_many_escaped_keys' },
  { name: 'an id of 1,024 bytes', body: `{"method":"x","id":${LONG_ID(1024)}}`, id: LONG_ID(1024) },
  { name: 'an id of 1,025 bytes', body: `{"method":"x","id":${LONG_ID(1025)}}`, reason: 'id_too_long' },
  { name: '1,000 messages', body: `[${'{"method":"x"},'.repeat(999)}{"method":"x"}]` },
  { name: '1,001 messages', body: `[${'{"method":"x"},'.repeat(1000)}{"method":"x"}]`, reason: 'too_many_messages' },
  { name: '199,999 members', body: `{"method":"a","x":[${'1,'.repeat(199_996)}1]}` },
  { name: '200,001 members', body: `{"method":"a","x":[${'1,'.repeat(199_998)}1]}`, reason: 'too_many_members' },
  { name: 'commas in a text', body: `{"method":"a","x":"${','.repeat(300_000)}"}` },
];
