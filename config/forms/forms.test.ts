import { expect, test } from 'vitest';
import { load, references } from '../test/load-text.ts';

test('the YAML format of another gateway: backends, command lines, settings', () => {
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

test('mcpServers with the transports of another gateway', () => {
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

test('a Codex server with an empty variable name has no token; one whose variable is not set is skipped, and the reason names it', () => {
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
