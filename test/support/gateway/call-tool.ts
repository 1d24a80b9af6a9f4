import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** Connects an unmodified SDK 1.x client with a key, as an agent does. Close it when done. */
export async function connectClient(url: string, key: string): Promise<Client> {
  const client = new Client({ name: 'mcpgw-test', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { authorization: `Bearer ${key}` } },
  });
  await client.connect(transport);
  return client;
}

/** Calls server-everything's `echo` and returns its text. */
export async function echo(client: Client, message: string): Promise<string> {
  const result = await client.callTool({ name: 'echo', arguments: { message } });
  return JSON.stringify(result.content);
}
