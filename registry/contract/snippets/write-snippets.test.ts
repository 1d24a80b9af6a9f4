import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { CONNECT_CLIENTS, clientName, writeDeepLink, writeSnippet, writeSnippets } from './write-snippets.ts';

const target = { path: 'team/search', url: 'https://gw.example/team/search/mcp' };
const key = 'mgw_SECRET_123456';
const text = (client: (typeof CONNECT_CLIENTS)[number]['client'], given: string | null = null) =>
  writeSnippet(client, target, given).text;

describe('writeSnippets', () => {
  it('names every client once, with the URL in each', () => {
    const all = writeSnippets(target);
    expect(all.map((snippet) => snippet.client)).toEqual(CONNECT_CLIENTS.map(({ client }) => client));
    for (const snippet of all) expect(snippet.text).toContain(target.url);
  });

  it('carries a placeholder without a key, and the key where the client takes one', () => {
    for (const snippet of writeSnippets(target)) expect(snippet.text).not.toContain('mgw_');
    for (const snippet of writeSnippets(target, key))
      expect(snippet.text.includes(key), snippet.client).toBe(snippet.client !== 'vscode');
  });

  it('never puts a key into a link', () => {
    for (const snippet of writeSnippets(target, key)) {
      if (snippet.link === null) continue;
      const config = new URL(snippet.link).searchParams.get('config');
      expect(decodeURIComponent(snippet.link) + (config === null ? '' : atob(config))).not.toContain(key);
    }
  });

  it('makes JSON that parses, with the shape each client reads', () => {
    expect(JSON.parse(text('json', key))).toEqual({
      mcpServers: {
        'team-search': { type: 'http', url: target.url, headers: { Authorization: `Bearer ${key}` } },
      },
    });
    const { servers, inputs } = JSON.parse(text('vscode')) as {
      servers: Record<string, { headers: Record<string, string> }>;
      inputs: { id: string }[];
    };
    expect(servers['team-search']?.headers['Authorization']).toBe(`Bearer \${input:${inputs[0]?.id}}`);
    const desktop = JSON.parse(text('claude-desktop')) as { mcpServers: Record<string, { args: string[] }> };
    expect(desktop.mcpServers['team-search']?.args).toContain('Authorization:${AUTH}');
    expect(text('claude-desktop')).not.toContain('--allow-http');
    expect(writeSnippet('claude-desktop', { path: 'a', url: 'http://gw/a/mcp' }).text).toContain('--allow-http');
  });

  it('makes shell lines that a shell splits as meant, with and without a key', () => {
    const split = (line: string, env: Record<string, string> = {}) =>
      execFileSync('sh', ['-c', `claude() { printf '%s\\n' "$@"; }; curl() { printf '%s\\n' "$@"; }; ${line}`], { env })
        .toString()
        .split('\n');
    expect(split(text('claude-code'), { MCPGW_KEY: 'k1' })).toContain('Authorization: Bearer k1');
    expect(split(text('claude-code', key))).toContain(`Authorization: Bearer ${key}`);
    const curl = split(text('curl', key));
    expect(JSON.parse(curl[curl.indexOf('-d') + 1] ?? '')).toMatchObject({ method: 'initialize' });
    const modern = split(writeSnippet('curl', { ...target, era: 'modern' }, key).text);
    expect(modern).toContain('Mcp-Method: tools/list');
  });

  it('makes links that decode to the same server', () => {
    const vscode = writeDeepLink('vscode', target) ?? '';
    expect(JSON.parse(decodeURIComponent(vscode.slice(vscode.indexOf('?') + 1)))).toMatchObject({
      name: 'team-search',
      type: 'http',
      url: target.url,
    });
    const config = new URL(writeDeepLink('cursor', target) ?? '').searchParams.get('config') ?? '';
    expect(JSON.parse(atob(config))).toMatchObject({ url: target.url });
    expect(writeDeepLink('curl', target)).toBeNull();
  });

  it('makes names of letters, digits, "_" and "-" only', () => {
    expect(clientName('team/search.v2')).toBe('team-search-v2');
  });
});
