import { LEGACY_VERSION, quoteShell } from '@mcpgw/registry/contract';
import { CAPABILITIES, CLIENT_INFO, modernHeaders, modernMeta, type Json } from './message.ts';

interface Call {
  url: string;
  era: 'legacy' | 'modern' | null;
  method: string;
  params: Json;
  /** Further headers in the era without sessions. */
  headers?: Record<string, string>;
}

/** The request as the MCP message that is sent. */
export function toMessage({ era, method, params }: Omit<Call, 'url'>): Json {
  return {
    ...{ jsonrpc: '2.0', id: 1, method },
    params: era === 'modern' ? { ...params, _meta: modernMeta() } : params,
  };
}

/** Shell commands that send the same request; the key is in `$MCPGW_KEY`. A server with sessions is initialised first. */
export function writeCurl(call: Call): string {
  const { url, era, method, params, headers: more } = call;
  const extra = era === 'modern' ? Object.entries({ ...modernHeaders(method, params), ...more }) : [];
  const post = (message: Json, headers: string[]): string =>
    [
      `curl -sSN ${quoteShell(url)} -H "Authorization: Bearer $MCPGW_KEY"`,
      "-H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream'",
      ...headers,
      `-d ${quoteShell(JSON.stringify(message))}`,
    ].join(' \\\n  ');
  if (era === 'modern')
    return post(
      toMessage(call),
      extra.map(([name, value]) => `-H ${quoteShell(`${name}: ${value}`)}`),
    );
  const initialize = {
    ...{ jsonrpc: '2.0', id: 0, method: 'initialize' },
    params: { protocolVersion: LEGACY_VERSION, capabilities: CAPABILITIES, clientInfo: CLIENT_INFO },
  };
  const session = ['${SESSION:+-H "Mcp-Session-Id: $SESSION"}'];
  return [
    post(initialize, ['-D headers.txt -o /dev/null']),
    String.raw`SESSION=$(sed -n 's/^mcp-session-id: //Ip' headers.txt | tr -d '\r')`,
    post({ jsonrpc: '2.0', method: 'notifications/initialized' }, session),
    post(toMessage(call), session),
  ].join('\n');
}
