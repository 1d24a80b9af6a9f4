import { openStream, type StandingStream } from './open-stream.ts';

const VERSION = '2026-07-28';

/** The long-lived stream of the era without sessions: `subscriptions/listen` for changes of the list of tools. */
export function openSubscription(url: string, key: string): Promise<StandingStream> {
  return openStream(url, {
    key,
    headers: { 'mcp-protocol-version': VERSION, 'mcp-method': 'subscriptions/listen' },
    body: {
      jsonrpc: '2.0',
      id: 'listen',
      method: 'subscriptions/listen',
      params: {
        _meta: {
          'io.modelcontextprotocol/protocolVersion': VERSION,
          'io.modelcontextprotocol/clientInfo': { name: 'mcpgw-test', version: '1.0.0' },
          'io.modelcontextprotocol/clientCapabilities': {},
        },
        notifications: { toolsListChanged: true },
      },
    },
  });
}

/** How many times a subscription reported that the list of tools has changed. */
export function countChanges(subscription: StandingStream): number {
  return subscription.text().split('notifications/tools/list_changed').length - 1;
}
