import type { Caller } from '../connection/caller.ts';
import type { Connection } from '../connection/create-connection.ts';
import type { Params } from '../connection/message.ts';
import type { Child } from './child.ts';

const MAX_PAGES = 100;
const MAX_TOOLS = 10_000;

function createSelf(connection: Connection): Caller {
  const self: Caller = {
    isBridge: true,
    deliver(message) {
      if (!('id' in message)) return;
      const error = { code: -32_601, message: 'the bridge only lists tools and does not answer requests' };
      connection.respond(self, { jsonrpc: '2.0', id: message.id, error });
    },
  };
  return self;
}

/** All tools that a program lists, not validated; null: the request failed. */
export async function listTools({ connection, initialized }: Child): Promise<unknown[] | null> {
  const capabilities = initialized['capabilities'] as Params | undefined;
  if (capabilities?.['tools'] === undefined) return [];
  const self = createSelf(connection);
  const tools: unknown[] = [];
  let cursor: unknown;
  for (let page = 0; page < MAX_PAGES && tools.length < MAX_TOOLS; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const outcome = await connection.request(self, {
      jsonrpc: '2.0',
      id: `tools ${page}`,
      method: 'tools/list',
      params,
    });
    if ('error' in outcome) return null;
    const listed = outcome.result['tools'];
    if (Array.isArray(listed)) tools.push(...(listed as unknown[]));
    cursor = outcome.result['nextCursor'];
    if (typeof cursor !== 'string' || cursor === '') return tools;
  }
  return tools;
}
