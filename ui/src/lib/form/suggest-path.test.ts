import { describe, expect, it } from 'vitest';
import { explainNewPath, RESERVED_FIRST_SEGMENTS, RESERVED_SEGMENTS } from '@mcpgw/registry/contract';
import { suggestPath, toSegment } from './suggest-path.ts';

const none = new Set<string>();
describe('suggestPath', () => {
  it('prefers the reported server name, without "mcp" and "server"', () => {
    expect(suggestPath('http://10.0.0.1:8000/mcp', 'mcp-servers/everything', none)).toBe('everything');
    expect(suggestPath('http://x/', '@notionhq/notion-mcp-server', none)).toBe('notion');
    expect(suggestPath('http://x/', 'Weather MCP Server', none)).toBe('weather');
    expect(suggestPath('http://x/', 'Context7', none)).toBe('context7');
    expect(suggestPath('http://x/', 'MCP', none)).toBe('mcp-server');
  });
  it('falls back to the URL', () => {
    expect(suggestPath('https://mcp.example.com/mcp', null, none)).toBe('example');
    expect(suggestPath('http://weather:8000', null, none)).toBe('weather');
    expect(suggestPath('http://10.0.0.1/tools/search/mcp', null, none)).toBe('search');
    expect(suggestPath('http://127.0.0.1:3001/mcp', null, none)).toBe('');
    expect(suggestPath('not a url', null, none)).toBe('');
  });
  it('appends "-server" to a reserved word', () => {
    expect(suggestPath('http://x/', 'All', none)).toBe('all-server');
    expect(suggestPath('http://10.0.0.1/all/mcp', null, none)).toBe('all-server');
    expect(suggestPath('https://docs.example.com/mcp', null, none)).toBe('docs-server');
    expect(suggestPath('http://x/', 'all', new Set(['all', 'all-server']))).toBe('all-server-2');
  });
  it('appends a number to a path that is taken', () => {
    expect(suggestPath('http://weather/', null, new Set(['weather', 'weather-2']))).toBe('weather-3');
  });
  it('returns only valid paths', () => {
    const unusual = ['sse', 'MCP server', '---', 'Ünïcödé Tëst', 'a'.repeat(200), 'x/../y', '.hidden.'];
    for (const name of [...unusual, 'all', '@x/all-mcp-server', ...RESERVED_FIRST_SEGMENTS, ...RESERVED_SEGMENTS]) {
      const path = suggestPath('http://127.0.0.1', name, none);
      if (path !== '') expect(explainNewPath(path), path).toBeNull();
    }
    expect(toSegment('  Hello, World! ')).toBe('hello-world');
  });
});
