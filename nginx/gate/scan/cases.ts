import type { BodyProblem, Message } from './types.ts';

/** A body and what the scanner says of it; for tests in Node, in luajit and through NGINX. */
export interface ScanCase {
  name: string;
  /** Text of which each character is a byte (latin1). */
  body: string;
  /** Undefined: the body is read. */
  reason?: BodyProblem;
  /** The id of the answer, as JSON text; undefined: null. */
  id?: string;
  /** Members of the first message. */
  message?: Partial<Message>;
}

const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
const bytes = (...values: number[]) => String.fromCharCode(...values);
const refused = (reason: BodyProblem, bodies: Record<string, string>): ScanCase[] =>
  Object.entries(bodies).map(([name, body]) => ({ name, body, reason }));
const inParams = (more: string) => `{"method":"tools/call","params":{"name":"allowed"${more}}}`;

const LOOSE = {
  Name: inParams(',"Name":"forbidden"'),
  'Name alone': '{"method":"tools/call","params":{"Name":"forbidden"}}',
  'NAME before name': '{"method":"tools/call","params":{"NAME":"forbidden","name":"allowed"}}',
  Params: '{"method":"tools/call","params":{"name":"allowed"},"Params":{"name":"forbidden"}}',
  'Method beside method': '{"method":"ping","Method":"tools/call","params":{"name":"forbidden"}}',
  'METHOD beside result': '{"result":{},"METHOD":"tools/call","params":{"name":"forbidden"}}',
  Id: '{"method":"ping","Id":1}',
  RESULT: '{"method":"ping","RESULT":1}',
  Error: '{"method":"ping","Error":1}',
  JSONRPC: '{"JSONRPC":"2.0","method":"ping"}',
  'in a batch': '[{"method":"ping"},{"method":"ping","Method":"tools/call"}]',
  'escaped capital': inParams(',"\\u004eame":"forbidden"'),
  'name with NUL': inParams(',"name\\u0000":"forbidden"'),
  'name with NUL and more': inParams(',"name\\u0000x":"forbidden"'),
  'method with NUL': '{"method":"ping","method\\u0000":"tools/call"}',
  'long s, escaped': '{"method":"tools/call","params":{"name":"allowed"},"param\\u017f":{"name":"forbidden"}}',
  'long s, plain': utf8('{"method":"tools/call","params":{"name":"allowed"},"param\u017f":{"name":"forbidden"}}'),
  'dotless i': utf8('{"method":"x","\u0131d":7}'),
  'dotted I': '{"method":"x","params":{"ur\\u0130":"a"}}',
  'Kelvin sign':
    '{"method":"x","params":{"_meta":{"io.modelconte\\u212atprotocol/protocolVersion":"a"},"arguments":{},"Arguments":{}}}',
  Arguments: inParams(',"arguments":{},"Arguments":{}'),
  Uri: '{"method":"resources/read","params":{"uri":"a","Uri":"b"}}',
  _Meta: inParams(',"_Meta":{}'),
  'two underscores': inParams(',"__meta":{}'),
  'version in capitals': inParams(',"_meta":{"IO.modelcontextprotocol/protocolVersion":"2026-07-28"}'),
  'version with -': inParams(',"_meta":{"io.modelcontextprotocol/protocol-version":"2026-07-28"}'),
  Ref: '{"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"a"},"Ref":{}}}',
  'Name of ref': '{"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"a","Name":"b"}}}',
  na_me: inParams(',"na_me":"forbidden"'),
  '-name': inParams(',"-name":"forbidden"'),
  'name with a space': inParams(',"name ":"forbidden"'),
  'name with half a pair': inParams(',"na\\ud800me":"forbidden"'),
  'name with U+FFFD': utf8(inParams(',"\ufffdname":"forbidden"')),
};

const TWICE = {
  method: '{"method":"x","method":"y"}',
  escaped: '{"method":"a","m\\u0065thod":"b"}',
  'name, escaped': inParams(',"nam\\u0065":"forbidden"'),
  'both escaped': '{"method":"x","params":{"\\u0061b":1,"a\\u0062":1}}',
  deep: '{"method":"x","params":{"a":{"b":1,"b" :2}}}',
  'in an array': '{"method":"x","params":[{"":1,"":2}]}',
  quotes: '{"method":"x","params":{"\\"":1,"\\"":2}}',
  backslashes: '{"method":"x","params":{"a\\\\":1,"a\\\\"\n:2}}',
  'another spelling of a slash': '{"method":"x","params":{"a/":1,"a\\/":2}}',
  __proto__: '{"method":"x","__proto__":1,"__proto__":2}',
  'after other objects': '{"method":"a","x":{"a":1,"b":{"a":1},"a":2}}',
  'pair and character': utf8('{"method":"x","a":{"\\ud83d\\ude00":1,"\u{1f600}":2}}'),
  'two-byte character': utf8('{"method":"x","a":{"\\u00e9":1,"\u00e9":2}}'),
  'halves of pairs': '{"method":"x","a":{"\\ud800":1,"\\ud801":2}}',
  'half a pair and U+FFFD': utf8('{"method":"x","a":{"\\udc00":1,"\ufffd":2}}'),
  'in the second message': '[{"method":"x"},{"method":"y","a":1,"a":2}]',
};

const NOT_JSON = {
  'a word': 'nul',
  NaN: 'NaN',
  'a string': '"text"',
  'a number': '1',
  'comma before }': '{"method":"a",}',
  'comma before ]': '{"method":"a","x":[1,]}',
  'comma alone': '{,}',
  'no comma': '{"a":1 "b":2}',
  'no colon': '{"a" 1}',
  'no value': '{"a":}',
  'single quotes': "{'a':1}",
  'no quotes': '{a:1}',
  'leading zero': '{"id":01,"method":"x"}',
  'point at the end': '{"id":1.,"method":"x"}',
  'point at the start': '{"id":.5,"method":"x"}',
  plus: '{"id":+1,"method":"x"}',
  'minus alone': '{"id":-,"method":"x"}',
  'exponent without digits': '{"id":1e,"method":"x"}',
  hexadecimal: '{"id":0x1,"method":"x"}',
  tru: '{"a":tru}',
  trueish: '{"a":truee}',
  True: '{"a":True}',
  'control character': '{"a":"\u0001"}',
  'line break in a string': '{"a":"\n"}',
  'NUL in a string': '{"a":"\0"}',
  'NUL outside': '{"method":"x"}\0',
  'unknown escape': '{"method":"\\x"}',
  'short \\u': '{"method":"\\u12"}',
  '\\u with g': '{"method":"\\u12g4"}',
  'capital \\U': '{"method":"\\U0041"}',
  'more behind': '{"method":"a"}x',
  'two values': '{"method":"a"}{"method":"b"}',
  'ends early': '[{"method":"a"}',
  'ends in a string': '{"method":"a',
  'ends after a backslash': '{"method":"a\\',
  'ends in a number': '{"id":1',
  'wrong closer': '{"method":"x","a":[1}',
  'wrong closer ]': '{"method":"x"]',
  'form feed': '{"method":\f"x"}',
  'no-break space': utf8('{"method":\u00a0"x"}'),
  comment: '{"method":"x"/**/}',
  'spaces alone': ' \n',
};

const READ: ScanCase[] = [
  {
    name: 'a call',
    body: '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":{"a":[1,{"b":null}]}}}',
    id: '7',
    message: { kind: 'request', method: 'tools/call', id: '7', name: 'echo', uri: undefined, version: undefined },
  },
  {
    name: 'params first',
    body: '{"params":{"name":"x"},"method":"tools/call"}',
    message: { kind: 'notification', name: 'x' },
  },
  {
    name: 'escapes',
    body: utf8(' { "m\\u0065thod" : "tools\\/call" , "params" : {"n\\u0061me":"\\ud83d\\ude00é"} } '),
    message: { method: 'tools/call', name: utf8('😀é') },
  },
  {
    name: 'a resource',
    body: '{"id":"q","method":"resources/read","params":{"uri":"file:///a"}}',
    id: '"q"',
    message: { uri: 'file:///a' },
  },
  {
    name: 'a completion',
    body: '{"id":1,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"p"}}}',
    id: '1',
    message: { refName: 'p' },
  },
  {
    name: 'a template',
    body: '{"id":1,"method":"completion/complete","params":{"ref":{"type":"ref/resource","uri":"a{b}"}}}',
    id: '1',
    message: { refUri: 'a{b}' },
  },
  {
    name: 'the revision',
    body: '{"id":1,"method":"x","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}',
    id: '1',
    message: { version: '2026-07-28' },
  },
  { name: 'a response', body: '{"id":1,"result":null}', id: '1', message: { kind: 'response', method: undefined } },
  { name: 'an error', body: '{"id":1,"error":{"code":1}}', id: '1', message: { kind: 'response' } },
  {
    name: 'id: more digits than a double has',
    body: '{"id":1785000000000000001,"method":"x"}',
    id: '1785000000000000001',
  },
  { name: 'id: 1.0', body: '{"id":1.0,"method":"x"}', id: '1.0' },
  { name: 'id: 1e2', body: '{"id":1e2,"method":"x"}', id: '1e2' },
  { name: 'id: -0', body: '{"id": -0 ,"method":"x"}', id: '-0' },
  { name: 'id: escaped', body: '{"id":"\\u00e9","method":"x"}', id: '"\\u00e9"' },
  { name: 'id: UTF-8', body: utf8('{"id":"é","method":"x"}'), id: utf8('"é"') },
  { name: 'id: half a pair', body: '{"id":"\\ud800","method":"x"}', id: '"\\ud800"' },
  { name: 'id: empty', body: '{"id":"","method":"x"}', id: '""' },
  { name: 'id: null', body: '{"id":null,"method":"x"}', message: { kind: 'request', id: undefined } },
  { name: 'id: an object', body: '{"id":{"id":1},"method":"x"}', message: { kind: 'request', id: undefined } },
  {
    name: 'a batch',
    body: '[{"method":"tools/call","id":1,"params":{"name":"a"}},{"id":1,"result":{}},{"method":"ping"}]',
    message: { name: 'a', id: '1' },
  },
  {
    name: 'names inside arguments are free',
    body: inParams(',"arguments":{"Name":1,"name":2,"METHOD":3,"name\\u0000":4,"_Meta":{"a":1}}'),
    message: { name: 'allowed' },
  },
  {
    name: 'names inside other members are free',
    body: '{"method":"x","result":{"Method":1},"params":{"_meta":{"Name":1},"other":{"Uri":1}}}',
  },
  {
    name: 'unlike names',
    body: '{"method":"x","methods":1,"ids":1,"met":1,"params":{"names":1,"nam":1,"meta":1,"title":1,"":1,"-":1,"cursor":"c"}}',
  },
  { name: 'one key in several objects', body: '{"method":"a","x":{"a":1,"b":{"a":1},"c":[{"a":1},{"a":2}]}}' },
  { name: 'what looks like a key in a text', body: '{"method":"x","params":{"text":"a\\": 1, \\"a\\": 2"}}' },
  {
    name: 'all kinds of numbers',
    body: '{"method":"x","params":{"n":[0,-0.5,1e5,10,100.25E-2,1E+2],"s":"v1. 01 .5"}}',
  },
  { name: 'half a pair in arguments', body: inParams(',"arguments":{"text":"\\ud83d"}') },
  { name: 'U+FFFD in arguments', body: utf8(inParams(',"arguments":{"text":"\ufffd"}')) },
  { name: 'U+007F', body: '{"method":"x","a":"\x7f"}' },
  {
    name: 'first and last characters of each length',
    body: utf8('{"method":"x","a":"\u0080\u07ff\u0800\ud7ff\ue000\uffff\u{10000}\u{10ffff}"}'),
  },
  { name: 'params as an array', body: '{"method":"x","params":["a",{"Name":1}]}' },
  {
    name: 'a name that is no string',
    body: '{"method":"prompts/get","params":{"name":["echo"]}}',
    message: { name: undefined },
  },
  {
    name: 'a uri of half a pair',
    body: '{"method":"resources/read","params":{"uri":"\\ud800"}}',
    message: { uri: undefined },
  },
];

const NESTED = (depth: number) => `{"method":"a","x":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
const ESCAPED = (count: number) =>
  `{"method":"a","x":{${Array.from({ length: count }, (_, n) => `"\\u006b${n}":1`).join(',')}}}`;

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
  { name: 'refused, with its id behind', body: '{"method":"x","a":1,"a":2,"id":1.0}', reason: 'key_twice', id: '1.0' },
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
  { name: '1,000 escaped keys', body: ESCAPED(1000) },
  { name: '1,001 escaped keys', body: ESCAPED(1001), reason: 'too_many_escaped_keys' },
  { name: '1,000 messages', body: `[${'{"method":"x"},'.repeat(999)}{"method":"x"}]` },
  { name: '1,001 messages', body: `[${'{"method":"x"},'.repeat(1000)}{"method":"x"}]`, reason: 'too_many_messages' },
  { name: '199,999 members', body: `{"method":"a","x":[${'1,'.repeat(199_996)}1]}` },
  { name: '200,001 members', body: `{"method":"a","x":[${'1,'.repeat(199_998)}1]}`, reason: 'too_many_members' },
  { name: 'commas in a text', body: `{"method":"a","x":"${','.repeat(300_000)}"}` },
];
