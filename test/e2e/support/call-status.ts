import type { BrowserTest } from './browser-test.ts';

/** The HTTP status of a call of `echo` or another tool of a server with this key. */
export async function callStatus(ui: BrowserTest, key: string, tool = 'echo', server = 'weather'): Promise<number> {
  const response = await fetch(`${ui.gateway.url}/${server}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: tool, arguments: {} } }),
  });
  await response.body?.cancel();
  return response.status;
}
