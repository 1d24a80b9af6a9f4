import { KEY_SHAPE } from '@mcpgw/registry/contract';
import { z } from 'zod';

export interface Settings {
  /** The unix socket to listen on; not needed for --stdio. */
  socket: string | undefined;
  /** Base URL of the REST API, without a trailing slash. */
  registryUrl: string;
  /** API key, only for --stdio. */
  key: string | undefined;
  /** Host names of allowed browser origins, in addition to loopback. */
  allowedOriginHosts: string[];
}

export const USAGE = `mcpgw-server: manages the gateway over MCP, as a client of its REST API.

  node mcpgw-server/main.ts           serve /mcp on a unix socket, for NGINX
  node mcpgw-server/main.ts --stdio   serve on stdin and stdout, for local use (Node 24)

  MCPGW_SERVER_SOCKET absolute path of the unix socket to listen on; not for --stdio
  REGISTRY_URL        URL of the registry (http://127.0.0.1:7860)
  MCPGW_KEY           with --stdio: API key of an agent with a role; over HTTP each caller sends its own
  GATEWAY_URL         public URL of the gateway, an allowed browser origin
  ALLOWED_ORIGINS     more allowed browser origins, separated by commas
`;

/** sun_path of unix(7) without its terminating zero byte. */
const MAX_SOCKET_PATH_BYTES = 107;

const originHost = z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).hostname);

const environment = z.object({
  MCPGW_SERVER_SOCKET: z
    .string()
    .regex(/^\/[^\0]+$/, 'this is not an absolute path')
    .refine((path) => Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES, 'a unix socket path has at most 107 bytes')
    .optional(),
  REGISTRY_URL: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:7860'),
  MCPGW_KEY: z.string().regex(KEY_SHAPE, 'invalid API key').optional(),
  GATEWAY_URL: originHost.optional(),
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((origin) => origin.trim()))
    .transform((origins) => origins.filter((origin) => origin !== ''))
    .pipe(z.array(originHost)),
});

const EXAMPLES: Record<keyof typeof environment.shape, string> = {
  MCPGW_SERVER_SOCKET: '/run/mcpgw/mcpgw-server.sock',
  REGISTRY_URL: 'http://127.0.0.1:7860',
  MCPGW_KEY: 'an API key, mgw_…',
  GATEWAY_URL: 'https://gateway.example.com',
  ALLOWED_ORIGINS: 'https://chat.example.com',
};

/** Parses the settings. Throws an Error that names each invalid setting with a valid example; it never contains a key. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environment.safeParse(present);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]) as keyof typeof EXAMPLES;
      return `${name}: ${message}; for example ${EXAMPLES[name]}`;
    });
    throw new Error(`invalid settings:\n  ${lines.join('\n  ')}`);
  }
  const { MCPGW_SERVER_SOCKET, REGISTRY_URL, MCPGW_KEY, GATEWAY_URL, ALLOWED_ORIGINS } = parsed.data;
  return {
    socket: MCPGW_SERVER_SOCKET,
    registryUrl: REGISTRY_URL.replace(/\/+$/, ''),
    key: MCPGW_KEY,
    allowedOriginHosts: [...(GATEWAY_URL === undefined ? [] : [GATEWAY_URL]), ...ALLOWED_ORIGINS],
  };
}
