import { KEY_SHAPE } from '@mcpgw/registry/contract';
import { z } from 'zod';

export interface Settings {
  port: number;
  /** Base URL of the REST API, without a slash at the end. */
  registryUrl: string;
  /** Only for --stdio: the key to act with. */
  key: string | undefined;
  /** Host names of pages that may call; those of this machine always may. */
  allowedOriginHosts: string[];
}

export const USAGE = `mcpgw-server: manages the gateway over MCP, as a client of its REST API.

  node mcpgw-server/main.ts           serve http://127.0.0.1:7861/mcp
  node mcpgw-server/main.ts --stdio   serve on stdin and stdout, for local use (Node 24)

  MCPGW_SERVER_PORT   port to listen on at 127.0.0.1 (7861)
  REGISTRY_URL        where the registry is (http://127.0.0.1:7860)
  MCPGW_KEY           with --stdio: key of an agent with a role; over HTTP each caller sends its own
  GATEWAY_URL         public address of the gateway: pages of it may call
  ALLOWED_ORIGINS     further origins whose pages may call, separated by commas
`;

const originHost = z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).hostname);

const environment = z.object({
  MCPGW_SERVER_PORT: z.coerce.number().int().min(0).max(65_535).default(7861),
  REGISTRY_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:7860'),
  MCPGW_KEY: z.string().regex(KEY_SHAPE, 'this is not a key of the registry').optional(),
  GATEWAY_URL: originHost.optional(),
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((origin) => origin.trim()))
    .transform((origins) => origins.filter((origin) => origin !== ''))
    .pipe(z.array(originHost)),
});

const EXAMPLES: Record<keyof typeof environment.shape, string> = {
  MCPGW_SERVER_PORT: '7861',
  REGISTRY_URL: 'http://127.0.0.1:7860',
  MCPGW_KEY: 'a key that the registry made: mgw_…',
  GATEWAY_URL: 'https://gateway.example.com',
  ALLOWED_ORIGINS: 'https://chat.example.com',
};

/** Reads the settings. Throws an Error that names each bad value with a good example; a key is never repeated. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]) as keyof typeof EXAMPLES;
      return `${name}: ${message}; a good value is ${EXAMPLES[name]}`;
    });
    throw new Error(`settings refused:\n  ${lines.join('\n  ')}`);
  }
  const { MCPGW_SERVER_PORT, REGISTRY_URL, MCPGW_KEY, GATEWAY_URL, ALLOWED_ORIGINS } = parsed.data;
  return {
    port: MCPGW_SERVER_PORT,
    registryUrl: REGISTRY_URL.replace(/\/+$/, ''),
    key: MCPGW_KEY,
    allowedOriginHosts: [...(GATEWAY_URL === undefined ? [] : [GATEWAY_URL]), ...ALLOWED_ORIGINS],
  };
}
