import fc from 'fast-check';

/** The body of an ordinary call. */
export const CALL = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{}}}';
const bodies = fc.oneof(
  fc
    .constantFrom(
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"a":"b"}}}',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","name":"evil"}}',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"größe"}}',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"evil"}}',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a\\"b"}}',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":null}',
      '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","_meta":null}}',
      '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "echo"}}',
      '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "evil"}}',
      `{"method":"tools/call","params":{"name":"echo","v":"${'a'.repeat(5_000)}"}}`,
      '{"jsonrpc":"2.0","method":"notifications/initialized"}',
      '{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"p"}}',
      '{"jsonrpc":"2.0","id":1,"result":{}}',
      '[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]',
      '{"id":1, "method":"tools/list"}',
      '{"method":"x","v":1.0}',
      `{"method":"x","v":"${'a'.repeat(5_000)}"}`,
      `{"method":"x","v":${'['.repeat(40)}${']'.repeat(40)}}`,
      'null',
      '"text"',
      '',
      '{',
    )
    .map((text) => Buffer.from(text)),
  fc.constant(Buffer.concat([Buffer.from('{"method":"x","v":"'), Buffer.from([0xff]), Buffer.from('"}')])),
  fc.constant(Buffer.concat([Buffer.from('{"method":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')])),
);
const targets = (published: readonly string[]) =>
  fc.oneof(
    fc
      .constantFrom(...published, 'none', 'Weather', 'WEATHER', 'weather/mcp', 'weather/..', 'a/sse/-', 'weather%2f')
      .map((path) => `/${path}/mcp`),
    fc.constantFrom(
      '/weather',
      '/weather/',
      '/weather/mcp/',
      '/weather?x=/mcp',
      '/weather/mcp?x=1',
      '/weather/sse',
      '/sse/sse/-/mcp',
      '//mcp',
      '/mcp',
    ),
  );
/** The usual value, or now and then another. */
const usually = <T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: other });
/** Mostly ordinary calls; `published` are the paths that exist. */
export const arbitraryCall = (published: readonly string[]) =>
  fc.record({
    method: usually(fc.constant('POST'), fc.constantFrom('GET', 'DELETE', 'PUT')),
    target: usually(fc.constantFrom('/weather/mcp', '/two/mcp', '/pinned/mcp'), targets(published)),
    body: usually(fc.constant(Buffer.from(CALL)), bodies),
    who: usually(
      fc.constantFrom('all', 'star', 'some', 'late'),
      fc.constantFrom('none', 'disabled', 'expired', 'over', 'unknown', 'mistyped'),
    ),
    scheme: usually(fc.constant('Bearer '), fc.constantFrom('bearer ', 'Bearer  ', 'Basic ', '')),
    session: fc.option(fc.nat(), { freq: 1 }),
    isForged: usually(fc.constant(false), fc.constant(true)),
    version: fc.constantFrom(undefined, '2025-11-25', '2026-07-28', 'x'),
    saidMethod: usually(fc.constantFrom(undefined, 'tools/call'), fc.constant('tools/list')),
    saidName: usually(fc.constantFrom(undefined, 'echo'), fc.constantFrom('evil', ' echo', '=?base64?ZWNobw==?=')),
    type: usually(
      fc.constantFrom('application/json', 'application/json; charset=utf-8'),
      fc.constantFrom('application/json; charset=utf-7', undefined),
    ),
    encoding: usually(fc.constant(undefined), fc.constantFrom('gzip', 'identity')),
  });
