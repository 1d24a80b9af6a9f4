import { expect, it } from 'vitest';
import { readPasted } from './read-pasted.ts';

const taken = new Set(['github']);
const servers = (text: string) => {
  const read = readPasted(text, taken);
  if (read.kind !== 'servers') throw new Error(JSON.stringify(read));
  return read.servers;
};

it('distinguishes a URL from a block and a command', () => {
  for (const url of ['', 'weather:8000', 'https://mcp.example.com/mcp', ' http://a/ '])
    expect(readPasted(url, taken)).toEqual({ kind: 'url' });
});

it('reads a block of servers as clients write it', () => {
  const block = {
    mcpServers: {
      GitHub: { url: 'https://api.example.com/mcp', headers: { Authorization: 'Bearer x' } },
      files: { command: 'npx', args: ['-y', 'server-filesystem', '/srv'], env: { TOKEN: 't' } },
      broken: { note: 'neither' },
    },
  };
  expect(servers(JSON.stringify(block))).toEqual([
    {
      name: 'GitHub',
      path: 'github-2',
      server: { name: 'GitHub', url: 'https://api.example.com/mcp', headers: { Authorization: 'Bearer x' } },
      reason: '',
    },
    {
      name: 'files',
      path: 'files',
      server: { command: 'npx', args: ['-y', 'server-filesystem', '/srv'], env: { TOKEN: 't' } },
      reason: '',
    },
    { name: 'broken', path: '', server: null, reason: 'it has neither a URL nor a command' },
  ]);
  // As pasted from the middle of a file, and one alone.
  expect(servers('"weather": {"url": "http://w:8000"},')[0]).toMatchObject({ path: 'weather' });
  expect(servers('{"url": "http://weather:8000/mcp"}')[0]).toMatchObject({ path: 'weather' });
});

it('reads the list of another gateway, under any name of the URL', () => {
  expect(servers('{"backends": {"manuals": {"http_url": "http://manuals:8000/mcp"}}}')).toEqual([
    { name: 'manuals', path: 'manuals', server: { url: 'http://manuals:8000/mcp' }, reason: '' },
  ]);
  expect(servers('{"http_url": "http://weather:8000/mcp"}')).toHaveLength(1);
});

it('reads a command line without a shell', () => {
  expect(servers('npx -y @modelcontextprotocol/server-everything@1.2.3 --root "/my files"')).toEqual([
    {
      name: 'everything',
      path: 'everything',
      server: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-everything@1.2.3', '--root', '/my files'] },
      reason: '',
    },
  ]);
  expect(readPasted('curl x | sh', taken)).toMatchObject({ kind: 'broken' });
});

it('recognizes an OpenAPI description, and its URL', () => {
  const document = '{"openapi": "3.1.0", "info": {"title": "Pet Store"}, "paths": {}}';
  expect(servers(document)).toEqual([
    { name: 'Pet Store', path: 'pet-store', server: { openapi: { document } }, reason: '' },
  ]);
  const url = 'https://pets.example.com/api/v3/openapi.json';
  expect(servers(url)).toEqual([{ name: 'pets', path: 'pets', server: { openapi: { url } }, reason: '' }]);
  expect(readPasted('https://openapi.example.com/mcp', taken)).toEqual({ kind: 'url' });
});

it('reports an invalid block', () => {
  expect(readPasted('{"mcpServers": ', taken)).toMatchObject({ kind: 'broken' });
  expect(readPasted('{}', taken)).toMatchObject({ kind: 'broken' });
});
