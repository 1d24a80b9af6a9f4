import { expect, test } from 'vitest';
import { failuresOf, load, references } from './test/load-text.ts';

test('our own format in YAML, with variables, defaults, escapes and secret files', () => {
  const { document, files } = load(
    'mcpgw.config.yaml',
    `
settings: { GATEWAY_PORT: "\${PORT:-8080}" }
servers:
  weather:
    url: http://\${HOST}:8000/mcp
    enabled: \${ON}
    headers: { Authorization: "file:token", X-Literal: "$\${HOST}" }
  team/files:
    command: npx
    args: [-y, some-server]
    env: { TOKEN: "\${file:/run/secrets/token}" }
agents:
  laptop:
    grants: [{ server: weather }]
`,
    references({ HOST: 'w.example', ON: 'false' }, { token: 'Bearer x\n' }),
  );
  expect(document).toEqual({
    settings: { GATEWAY_PORT: '8080' },
    servers: {
      weather: {
        url: 'http://w.example:8000/mcp',
        enabled: false,
        headers: { Authorization: 'Bearer x', 'X-Literal': '${HOST}' },
      },
      'team/files': { command: 'npx', args: ['-y', 'some-server'], env: { TOKEN: '${file:/run/secrets/token}' } },
    },
    groups: {},
    agents: { laptop: { grants: [{ server: 'weather' }] } },
  });
  expect(files).toEqual(['token']);
});

test.each([
  ['a.yaml', 'servers:\n  weather:\n    url: http://h\n   transport: auto\n', [/^a\.yaml:4:/]],
  ['a.json', '{\n  "servers": {\n    "weather": {"url": "http://h",, }\n  }\n}', [/^a\.json:3:/]],
  [
    'a.json',
    '{"servers": {"a": {"url": "http://h"},\n "a": {"url": "http://h"}}}',
    [/^a\.json:2:2: servers\.a: .*twice/],
  ],
  ['a.yaml', 'servers:\n  Weather: { url: "http://h" }\n', [/^a\.yaml:2:3: servers\.Weather: the segment "Weather"/]],
  ['a.yaml', 'servers:\n  w:\n    url: ftp://h\n', [/^a\.yaml:3:5: servers\.w\.url: the scheme "ftp"/]],
  [
    'a.yaml',
    'servers:\n  w:\n    url: http://h\n    colour: red\n',
    [/^a\.yaml:4:5: servers\.w\.colour: there is no such field/],
  ],
  [
    'a.yaml',
    'servers:\n  w:\n    url: http://h\n    headers:\n      A: ${NOT_SET}\n',
    [/^a\.yaml:5:7: .*NOT_SET is not set/],
  ],
  ['a.yaml', 'server:\n  w: { url: "http://h" }\nagents: {}\n', [/^a\.yaml:1:1: server: there is no such member/]],
  [
    'a.yaml',
    'agents:\n  x:\n    grants:\n      - server: "*"\n      - server: "**"\n',
    [/^a\.yaml:5:9: agents\.x\.grants\.1\.server/],
  ],
  ['a.yaml', 'settings:\n  GATEWAY_PROT: 1\n', [/^a\.yaml:2:3: settings\.GATEWAY_PROT/]],
  ['a.toml', '[mcp_servers.w]\nurl = "http://h"\nargs = [', [/^a\.toml:3:/]],
  ['a.yaml', '- servers\n', [/must be one object/]],
  ['a.yaml', 'settings: { LOG_LEVEL: ${LEVEL} }\n', [/^a\.yaml:1:\d+: .*needs quotes/]],
  ['a.yaml', 'servers:\n  w: !secret http://h\n', [/^a\.yaml:2:6: .*[Uu]nresolved tag/]],
  ['a.yaml', 'servers:\n  w: { url: "http://h", headers: { A: "file:none" } }\n', [/file:none: there is no such file/]],
])('%s is refused with the line and column: %j', (file, text, expected) => {
  const failures = failuresOf(file, text);
  expect(failures).toHaveLength(expected.length);
  for (const [at, pattern] of expected.entries()) expect(failures[at]).toMatch(pattern);
});

test('all problems are reported at once, in line order', () => {
  const text = 'servers:\n  a: { url: "nonsense" }\n  b: { url: "http://h", weight: 3 }\n';
  expect(failuresOf('a.yaml', text).map((line) => line.slice(0, 8))).toEqual(['a.yaml:2', 'a.yaml:3']);
});

test('an expanded value never appears in an error', () => {
  const refs = references({ SECRET: 'hunter2 hunter2' });
  expect(failuresOf('a.yaml', 'servers:\n  a: { url: "${SECRET}" }\n', refs).join()).not.toContain('hunter2');
});

test('locate returns the position of a field of the normalised form', () => {
  const loaded = load('a.yaml', 'mcpServers:\n  Web Search:\n    url: http://h.example/mcp\n');
  expect(loaded.locate('servers.web-search.url')).toEqual({ line: 3, column: 5 });
  expect(loaded.locate('servers.web-search')).toEqual({ line: 2, column: 3 });
});

test('defaults may contain references, and an unclosed reference is an error', () => {
  const describe = (text: string, variables: Record<string, string> = {}) =>
    load('c.yaml', `servers: { a: { url: "http://h/mcp", description: '${text}' } }`, references(variables)).document
      .servers['a'];
  expect(describe('${A:-${B:-deep}} and $${A:-${B:-x}}')).toMatchObject({ description: 'deep and ${A:-x}' });
  expect(describe('${A:-${B}}', { B: 'b' })).toMatchObject({ description: 'b' });
  // Values are never scanned for references or files.
  expect(describe('${A}', { A: '${B}' })).toMatchObject({ description: '${B}' });
  expect(failuresOf('c.yaml', "servers: { a: { url: 'http://h/mcp', description: '${A' } }")[0]).toContain('has no }');
  const headers = load(
    'c.yaml',
    "servers: { a: { url: 'http://h/mcp', headers: { A: '${A}' } } }",
    references({ A: 'file:x' }),
  );
  expect(headers.document.servers['a']).toMatchObject({ headers: { A: 'file:x' } });
});

test('unusual files: empty, deeply nested, several documents, anchors, byte order marks, duplicate names in a client file', () => {
  for (const [file, text, problem] of [
    ['c.yaml', '', 'the file is empty'],
    ['c.yaml', '# all of it is a comment\n', 'the file is empty'],
    ['c.json', 'null', 'the file is empty'],
    ['c.json', '['.repeat(50_000), 'nested deeper'],
    ['c.yaml', `a: ${'['.repeat(20_000)}`, 'nested'],
    ['c.yaml', 'servers: {}\n---\nagents: {}\n', 'c.yaml:2:1: a second document'],
    ['c.yaml', 'servers: { a: { url: "http://h/mcp", tags: [a, 1.0] } }', 'must be a text: put it in quotes'],
    ['c.json', '{"agents":{"a":{"enabled":"yes"}}}', 'this must be true or false'],
    ['c.yaml', '\uFEFFservers:\r\n  a:\r\n    url: http://h/mcp\r\n    odd: 1\r\n', 'c.yaml:4:5: servers.a.odd'],
  ] as const)
    expect(failuresOf(file, text)[0], text.slice(0, 40)).toContain(problem);
  const anchors = load(
    'c.yaml',
    'x-base: &b { url: "http://h/mcp" }\nservers: { a: *b, c: { <<: *b, description: d } }\n',
  );
  expect(Object.keys(anchors.document.servers)).toEqual(['a', 'c']);
  const twice = {
    mcpServers: { a: { url: 'http://h/mcp' } },
    projects: { '/p': { mcpServers: { a: { url: 'http://i/mcp' } } } },
  };
  expect(load('.claude.json', JSON.stringify(twice), references(), true)).toMatchObject({
    document: { servers: { a: { url: 'http://h/mcp' } } },
    skipped: [{ name: 'a', reason: expect.stringContaining('belongs to mcpServers.a') }],
  });
});

test('invalid servers in a client file are skipped with the reason, and the rest is read; in a configuration they are refused', () => {
  const mcpServers = {
    good: { url: 'http://h/mcp' },
    'Own Script': { command: './server.py' },
    odd: { url: 'ftp://h/mcp' },
  };
  const { document, skipped } = load('.mcp.json', JSON.stringify({ mcpServers }), references(), true);
  expect(Object.keys(document.servers)).toEqual(['good']);
  expect(skipped).toEqual([
    { name: 'Own Script', reason: expect.stringContaining('command: a relative path is not a program') },
    { name: 'odd', reason: expect.stringContaining('url: ') },
  ]);
  expect(failuresOf('c.json', JSON.stringify({ servers: { a: mcpServers['Own Script'] } }))[0]).toContain(
    'a relative path is not a program',
  );
});
