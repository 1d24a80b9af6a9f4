import { execFileSync } from 'node:child_process';
import { transformSync } from 'esbuild';
import { describe, expect, it, test } from 'vitest';
import { CONNECT_CLIENTS, type ConnectClient } from './clients.ts';
import { writeDeepLink } from './deep-links.ts';
import { clientName, snippetTransport, type SnippetTarget } from './target.ts';
import { writeSnippet, writeSnippets } from './write-snippets.ts';

const search: SnippetTarget = { path: 'team/search', url: 'https://gw.example/team/search/mcp' };
const old: SnippetTarget = { path: 'old', url: 'http://gw.example/old/sse', transport: 'sse' };
const key = 'mgw_SECRET_123456';
const text = (client: ConnectClient, targets = [search], given: string | null = null) =>
  writeSnippet(client, targets, given).text;
const json = (client: ConnectClient, targets = [search], given: string | null = null) =>
  JSON.parse(text(client, targets, given)) as Record<string, Record<string, Record<string, unknown>>>;

describe('every client', () => {
  it('is named once, with the URL of every server in its snippet', () => {
    const all = writeSnippets([search, old]);
    expect(all.map((snippet) => snippet.client)).toEqual(CONNECT_CLIENTS.map(({ client }) => client));
    for (const snippet of all) for (const { url } of [search, old]) expect(snippet.text, snippet.client).toContain(url);
  });

  it('gets a placeholder without a key, and the key if it accepts one', () => {
    for (const snippet of writeSnippets([search, old])) expect(snippet.text).not.toContain('mgw_');
    for (const snippet of writeSnippets([search], key))
      expect(snippet.text.includes(key), snippet.client).toBe(snippet.client !== 'vscode');
  });

  it('gets JSON that parses, or a program that compiles', () => {
    for (const targets of [[search], [old], [search, old]])
      for (const { client, language, text: written } of writeSnippets(targets, key))
        if (language === 'json') expect(() => JSON.parse(written) as unknown, client).not.toThrow();
        else if (language === 'typescript')
          expect(() => transformSync(written, { format: 'esm', loader: 'ts' }), client).not.toThrow();
  });

  it('has a name for the server of letters, digits, "_" and "-" only', () => {
    expect(clientName('team/search.v2')).toBe('team-search-v2');
  });
});

test.each<[ConnectClient, string, object, object]>([
  ['json', 'mcpServers', { type: 'http', url: search.url }, { type: 'sse', url: old.url }],
  ['cline', 'mcpServers', { type: 'streamableHttp', headers: { Authorization: 'Bearer YOUR_KEY' } }, { type: 'sse' }],
  ['gemini-cli', 'mcpServers', { httpUrl: search.url }, { url: old.url }],
  ['qwen-code', 'mcpServers', { httpUrl: search.url }, { url: old.url }],
  ['copilot-cli', 'mcpServers', { type: 'http', tools: ['*'] }, { type: 'sse' }],
  ['vscode', 'servers', { type: 'http', headers: { Authorization: 'Bearer ${input:mcpgw-key}' } }, { type: 'sse' }],
  [
    'cursor',
    'mcpServers',
    { url: search.url, headers: { Authorization: 'Bearer ${env:MCPGW_KEY}' } },
    { url: old.url },
  ],
  ['windsurf', 'mcpServers', { serverUrl: search.url }, { serverUrl: old.url }],
  ['zed', 'context_servers', { url: search.url }, { command: 'npx' }],
  ['lm-studio', 'mcpServers', { url: search.url }, { url: old.url }],
  ['opencode', 'mcp', { type: 'remote', headers: { Authorization: 'Bearer {env:MCPGW_KEY}' } }, { url: old.url }],
  ['claude-desktop', 'mcpServers', { command: 'npx' }, { env: { AUTH: 'Bearer YOUR_KEY' } }],
  ['mcporter', 'mcpServers', { baseUrl: search.url }, { baseUrl: old.url }],
])('%s: the shape that it reads, for both transports in one file', (client, member, http, sse) => {
  expect(json(client, [search, old])[member]).toMatchObject({ 'team-search': http, old: sse });
});

describe('an SSE-only server', () => {
  it('is one without a Streamable HTTP endpoint', () => {
    expect(snippetTransport({ mcp: false, sse: true })).toBe('sse');
    expect(snippetTransport({ mcp: true, sse: true })).toBe('streamable-http');
    expect(snippetTransport({ mcp: false, sse: false })).toBe('streamable-http');
  });

  it.each<[ConnectClient, string]>([
    ['claude-code', '--transport sse old'],
    ['codex', '"sse-only"'],
    ['codex-add', '--transport sse-only'],
    ['continue', 'type: sse'],
    ['typescript', 'SSEClientTransport'],
    ['ai-sdk', "type: 'sse'"],
    ['langchain', '"transport": "sse"'],
    ['openai-agents', 'MCPServerSSE'],
    ['inspector', '--transport sse'],
    ['mcp-remote', '--transport sse-only'],
    ['claude-desktop', '"sse-only"'],
    ['curl', 'text/event-stream'],
  ])('%s uses the SSE transport', (client, part) => {
    expect(text(client, [old])).toContain(part);
    expect(text(client, [old])).not.toMatch(/StreamableHTTP|StreamableHttp|streamable-http|http-only/);
  });
});

test('shell lines are split by a shell as intended, with and without a key', () => {
  const split = (lines: string, env: Record<string, string> = {}) => {
    const programs = ['claude', 'codex', 'npx', 'curl'].map((name) => `${name}() { printf '%s\\n' "$@"; }`);
    return execFileSync('sh', ['-c', `${programs.join('; ')}; ${lines}`], { env })
      .toString()
      .split('\n');
  };
  for (const client of ['claude-code', 'inspector', 'mcp-remote', 'curl'] as const) {
    expect(split(text(client), { MCPGW_KEY: 'k1' }), client).toContain('Authorization: Bearer k1');
    expect(split(text(client, [search, old], key)), client).toContain(`Authorization: Bearer ${key}`);
  }
  const curl = split(text('curl', [search], key));
  expect(JSON.parse(curl[curl.indexOf('-d') + 1] ?? '')).toMatchObject({ method: 'initialize' });
  expect(split(text('curl', [{ ...search, era: 'modern' }], key))).toContain('Mcp-Method: tools/list');
  expect(split(text('codex-add'))).toContain('--bearer-token-env-var');
  expect(split(text('codex-add', [old], key))).toEqual(
    expect.arrayContaining([`AUTH=Bearer ${key}`, '--', 'Authorization:${AUTH}', '--allow-http']),
  );
});

describe('links', () => {
  it('never contain a key', () => {
    for (const snippet of writeSnippets([search], key)) {
      if (snippet.link === null) continue;
      const config = URL.parse(snippet.link)?.searchParams.get('config') ?? null;
      expect(decodeURIComponent(snippet.link) + (config === null ? '' : atob(config))).not.toContain(key);
    }
  });

  it('decode to the same server, in the clients that support them, and exist only for a single server', () => {
    const vscode = writeDeepLink('vscode', old) ?? '';
    expect(JSON.parse(decodeURIComponent(vscode.slice(vscode.indexOf('?') + 1)))).toMatchObject({
      name: 'old',
      type: 'sse',
      url: old.url,
    });
    for (const client of ['cursor', 'lm-studio'] as const) {
      const config = new URL(writeDeepLink(client, search) ?? '').searchParams.get('config') ?? '';
      expect(JSON.parse(atob(config)), client).toMatchObject({ url: search.url });
    }
    const linked = (targets: SnippetTarget[]) =>
      writeSnippets(targets)
        .filter(({ link }) => link !== null)
        .map(({ client }) => client);
    expect(linked([search])).toEqual(['vscode', 'cursor', 'lm-studio']);
    expect(linked([search, old])).toEqual([]);
  });
});
