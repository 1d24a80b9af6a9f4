import { LEGACY_VERSION, MODERN_VERSION } from '../gate/protocol-versions.ts';
import { authorization, byName, isSse, pretty, shellHeader, type SnippetTarget, type WriteSnippet } from './target.ts';

// Tools that test a connection, and the format that many clients share.

/** The format that most clients share; `type` decides for those that know both transports. */
export const json: WriteSnippet = (targets, key) =>
  pretty({
    mcpServers: byName(targets, (target) => ({
      type: isSse(target) ? 'sse' : 'http',
      url: target.url,
      headers: authorization(key, '${MCPGW_KEY}'),
    })),
  });

export const mcporter: WriteSnippet = (targets, key) =>
  pretty({ mcpServers: byName(targets, ({ url }) => ({ baseUrl: url, headers: authorization(key, '${MCPGW_KEY}') })) });

export const inspector: WriteSnippet = (targets, key) =>
  targets
    .map(
      (target) =>
        `npx @modelcontextprotocol/inspector --cli ${target.url} --transport ${isSse(target) ? 'sse' : 'http'} \\\n  --method tools/list --header ${shellHeader(key)}`,
    )
    .join('\n');

export const mcpRemoteCommand: WriteSnippet = (targets, key) =>
  targets
    .map((target) => {
      const open = target.url.startsWith('http://') ? ' --allow-http' : '';
      const transport = isSse(target) ? 'sse-only' : 'http-only';
      return `npx mcp-remote ${target.url}${open} --transport ${transport} \\\n  --header ${shellHeader(key)}`;
    })
    .join('\n');

const clientInfo = { name: 'curl', version: '1' };
const MODERN = {
  method: 'tools/list',
  params: {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': MODERN_VERSION,
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': clientInfo,
    },
  },
};
const LEGACY = { method: 'initialize', params: { protocolVersion: LEGACY_VERSION, capabilities: {}, clientInfo } };

function curlOne(target: SnippetTarget, key: string | null): string {
  const header = `-H ${shellHeader(key)}`;
  // The stream stays open; its first event names the endpoint for messages.
  if (isSse(target)) return [`curl -sSN ${target.url}`, header, "-H 'Accept: text/event-stream'"].join(' \\\n  ');
  const isModern = target.era === 'modern';
  return [
    `curl -sS ${target.url}`,
    header,
    `-H 'Content-Type: application/json'`,
    `-H 'Accept: application/json, text/event-stream'`,
    ...(isModern ? [`-H 'MCP-Protocol-Version: ${MODERN_VERSION}'`, `-H 'Mcp-Method: tools/list'`] : []),
    `-d '${JSON.stringify({ jsonrpc: '2.0', id: 1, ...(isModern ? MODERN : LEGACY) })}'`,
  ].join(' \\\n  ');
}

export const curl: WriteSnippet = (targets, key) => targets.map((target) => curlOne(target, key)).join('\n');
