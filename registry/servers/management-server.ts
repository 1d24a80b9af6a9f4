import { MANAGEMENT_PATH, serverInput, type Actor } from '../contract/index.ts';
import type { Servers } from './create-servers.ts';

const SYSTEM: Actor = { kind: 'system', name: 'mcpgw', address: null };

/** Registers the built-in management server at `url` unless it is already registered. Throws what registering throws. */
export async function registerManagementServer(servers: Servers, url: string): Promise<void> {
  if ((await servers.all()).some(({ path }) => path === MANAGEMENT_PATH)) return;
  const input = serverInput.parse({
    path: MANAGEMENT_PATH,
    name: 'mcpgw',
    description:
      "Manages this gateway over MCP: register, change, watch and search servers with the rights of the caller's key.",
    tags: ['management'],
    url,
    transport: 'streamable-http',
  });
  await servers.register(SYSTEM, input, { builtIn: true });
}
