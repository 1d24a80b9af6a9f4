import { expect, test } from 'vitest';
import { ConfigError, loadConfig } from './index.ts';

const references = (variables: Record<string, string> = {}, files: Record<string, string> = {}) => ({
  variable: (name: string) => variables[name],
  readFile(name: string) {
    const text = files[name];
    if (text === undefined) throw new Error('there is no such file');
    return text;
  },
});
const load = (file: string, text: string, refs = references(), isImport = false) =>
  loadConfig({ file, text, references: refs, isImport });
function failuresOf(file: string, text: string, refs = references()): string[] {
  try {
    load(file, text, refs);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('it was accepted');
}

test('our own form in YAML, with variables, defaults, escapes and files of secrets', () => {
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
])('%s is refused with the line and column: %j', (file, text, says) => {
  const failures = failuresOf(file, text);
  expect(failures).toHaveLength(says.length);
  for (const [at, pattern] of says.entries()) expect(failures[at]).toMatch(pattern);
});

test('every problem is named at once, in the order of lines', () => {
  const text = 'servers:\n  a: { url: "nonsense" }\n  b: { url: "http://h", weight: 3 }\n';
  expect(failuresOf('a.yaml', text).map((line) => line.slice(0, 8))).toEqual(['a.yaml:2', 'a.yaml:3']);
});

test('a value that is expanded is never part of an error', () => {
  const refs = references({ SECRET: 'hunter2 hunter2' });
  expect(failuresOf('a.yaml', 'servers:\n  a: { url: "${SECRET}" }\n', refs).join()).not.toContain('hunter2');
});

test('the YAML of another gateway: backends, command lines, port, what is not used', () => {
  const { document, notes } = load(
    'servers.yaml',
    `
port: 39400
host: 127.0.0.1
log_level: WARNING
enable_meta_mcp: false

backends:
  tavily:
    command: "npx -y @anthropic/mcp-server-tavily --name 'two words'"
    description: "Web search"
    env:
      TAVILY_API_KEY: "\${TAVILY_API_KEY}"
  context7:
    http_url: "http://localhost:8080/mcp"
    description: "Documentation lookup"
  pieces:
    http_url: "http://localhost:39300/sse"
`,
    references({ TAVILY_API_KEY: 'tv' }),
  );
  expect(document).toEqual({
    settings: { GATEWAY_PORT: 39400, GATEWAY_HOST: '127.0.0.1', LOG_LEVEL: 'warn', META_MCP: 'off' },
    groups: {},
    agents: {},
    servers: {
      tavily: {
        description: 'Web search',
        command: 'npx',
        args: ['-y', '@anthropic/mcp-server-tavily', '--name', 'two words'],
        env: { TAVILY_API_KEY: 'tv' },
      },
      context7: { description: 'Documentation lookup', url: 'http://localhost:8080/mcp' },
      pieces: { url: 'http://localhost:39300/sse' },
    },
  });
  expect(notes).toEqual([]);
});

test('mcpServers with the transports of the other source', () => {
  const { document, skipped } = load(
    'config.json',
    JSON.stringify({
      mcpServers: {
        github: { transport: 'stdio', command: 'uvx', args: ['mcp-server-github'] },
        'web-search': { transport: 'sse', url: 'http://localhost:3002/mcp' },
        'desktop-commander': { transport: 'docker-stdio', container: 'mcp-desktop-commander-1' },
        bad: { transport: 'docker-stdio', container: '-v /:/host x' },
      },
    }),
  );
  expect(document.servers).toEqual({
    github: { command: 'uvx', args: ['mcp-server-github'] },
    'web-search': { url: 'http://localhost:3002/mcp' },
    'desktop-commander': { command: 'docker', args: ['attach', '--sig-proxy=false', 'mcp-desktop-commander-1'] },
  });
  expect(skipped).toEqual([{ name: 'bad', reason: expect.stringContaining('container') }]);
});

const CLIENTS: [string, string, string, object][] = [
  [
    'Claude Code',
    '.claude.json',
    '{"numStartups": 3, "mcpServers": {"Weather API": {"type": "http", "url": "https://w.example/mcp", "headers": {"Authorization": "Bearer ${KEY:-none}"}}}, "projects": {"/home/a": {"mcpServers": {"local": {"type": "stdio", "command": "node", "args": ["x.js"]}}, "history": []}}}',
    {
      'weather-api': { name: 'Weather API', url: 'https://w.example/mcp', headers: { Authorization: 'Bearer none' } },
      local: { command: 'node', args: ['x.js'] },
    },
  ],
  [
    'VS Code',
    'mcp.json',
    '{ // settings\n "servers": {"w": {"type": "sse", "url": "https://w.example/events"}, "ask": {"type": "http", "url": "https://a.example", "headers": {"X": "${input:key}"}}}, "inputs": [{"id": "key", "type": "promptString"}],}',
    { w: { url: 'https://w.example/events', transport: 'sse' } },
  ],
  [
    'Cursor',
    'mcp.json',
    '{"mcpServers": {"w": {"url": "https://w.example/mcp", "headers": {"Authorization": "Bearer ${env:KEY}"}}, "off": {"command": "npx", "args": ["-y", "x"], "disabled": true}}}',
    {
      w: { url: 'https://w.example/mcp', headers: { Authorization: 'Bearer k' } },
      off: { command: 'npx', args: ['-y', 'x'], enabled: false },
    },
  ],
  [
    'Windsurf',
    'mcp_config.json',
    '{"mcpServers": {"w": {"serverUrl": "https://w.example/mcp", "alwaysAllow": ["x"]}}}',
    { w: { url: 'https://w.example/mcp' } },
  ],
  [
    'Codex',
    'config.toml',
    'model = "o"\n[mcp_servers.notes]\ncommand = "npx"\nargs = ["-y", "docs"]\nstartup_timeout_sec = 20\n[mcp_servers.notes.env]\nA = "b"\n[mcp_servers.remote]\nurl = "https://r.example/mcp"\nbearer_token_env_var = "KEY"\n',
    {
      notes: { command: 'npx', args: ['-y', 'docs'], env: { A: 'b' }, process: { startTimeoutS: 20 } },
      remote: { url: 'https://r.example/mcp', headers: { Authorization: 'Bearer k' } },
    },
  ],
];
test.each(CLIENTS)('the file of %s (%s) is imported', (_, file, text, servers) => {
  const loaded = load(file, text, references(text.includes(':-none') ? {} : { KEY: 'k' }), true);
  expect(loaded.document.servers).toEqual(servers);
  expect(loaded.document).toMatchObject({ settings: {}, agents: {} });
  if (text.includes('input:'))
    expect(loaded.skipped).toEqual([{ name: 'ask', reason: expect.stringContaining('input:key') }]);
});

test('where a field of the normalised form stands in the file', () => {
  const loaded = load('a.yaml', 'mcpServers:\n  Web Search:\n    url: http://h.example/mcp\n');
  expect(loaded.locate('servers.web-search.url')).toEqual({ line: 3, column: 5 });
  expect(loaded.locate('servers.web-search')).toEqual({ line: 2, column: 3 });
});

test('a Codex server with an empty name of a variable has no token; one whose variable is not set is skipped with its name', () => {
  const text = (name: string) =>
    `[mcp_servers.remote]\nurl = "https://r.example/mcp"\nbearer_token_env_var = "${name}"\n`;
  const empty = load('config.toml', text(''), references({}), true);
  expect(empty.document.servers).toEqual({ remote: { url: 'https://r.example/mcp' } });
  for (const variables of [{}, { KEY: '' }]) {
    const unset = load('config.toml', text('KEY'), references(variables), true);
    expect(unset.document.servers).toEqual({});
    expect(unset.skipped).toEqual([{ name: 'remote', reason: expect.stringContaining('set KEY') }]);
  }
});
