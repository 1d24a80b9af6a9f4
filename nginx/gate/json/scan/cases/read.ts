import { inParams, utf8, type ScanCase } from './scan-case.ts';

/** Bodies that are accepted. */
export const READ: ScanCase[] = [
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
  {
    name: 'resources of a stream',
    body: '{"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true,"resourceSubscriptions":["a:b","c\\u003ad"]}}}',
    message: { uris: ['a:b', 'c:d'], isFilterUnclear: false },
  },
  {
    name: 'a stream about lists',
    body: '{"params":{"notifications":{"toolsListChanged":true}},"method":"subscriptions/listen"}',
    message: { uris: undefined, isFilterUnclear: false },
  },
  ...['"a"', '{"0":"a"}', '[["a"]]', '[{"uri":"a"}]', '[1]', '["\\ud800"]', 'null', `[${'"a",'.repeat(1_000)}"a"]`].map(
    (written): ScanCase => ({
      name: `resources of a stream as ${written.slice(0, 20)}`,
      body: `{"method":"subscriptions/listen","params":{"notifications":{"resourceSubscriptions":${written}}}}`,
      message: { isFilterUnclear: true },
    }),
  ),
  ...['["a"]', '[{"resourceSubscriptions":["a"]}]', '"a"'].map((written): ScanCase => ({
    name: `a filter as ${written}`,
    body: `{"method":"subscriptions/listen","params":{"notifications":${written}}}`,
    message: { isFilterUnclear: true },
  })),
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
  { name: 'text in a string that looks like a key', body: '{"method":"x","params":{"text":"a\\": 1, \\"a\\": 2"}}' },
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
    name: 'a name that is not a string',
    body: '{"method":"prompts/get","params":{"name":["echo"]}}',
    message: { name: undefined },
  },
  {
    name: 'a uri of half a pair',
    body: '{"method":"resources/read","params":{"uri":"\\ud800"}}',
    message: { uri: undefined },
  },
];
