/** Types of the npm package `mcpgw`; gateway/index.ts is checked against them (test/integration/gateway). */

/** A server as in a configuration file (docs/configuration.md). */
export interface ServerOptions {
  /** Its endpoint: `http://localhost:8000/mcp`. */
  url?: string;
  /** A program, where `settings` allow it: `{ STDIO_COMMANDS: 'allow' }`. */
  command?: string;
  args?: string[];
  env?: Record<string, string>;
  headers?: Record<string, string>;
  description?: string;
  tags?: string[];
  enabled?: boolean;
  [further: string]: unknown;
}

/** Options of `createGateway`. */
export interface GatewayOptions {
  /** A configuration file (JSON or YAML), or its content as an object. As root it must be readable for the user mcpgw. */
  config?: string | Record<string, unknown>;
  /** Servers by path, each as its URL or as in a configuration; in addition to those of a `config` object. */
  servers?: Record<string, string | ServerOptions>;
  /** Port of the gateway; 0 or absent: a free one. */
  port?: number;
  /** Folder of all data; absent: a temporary folder, which `stop` removes. */
  dataDir?: string;
  /** Further settings, by their names in the README: `{ STDIO_COMMANDS: 'allow' }`. */
  settings?: Record<string, string>;
  /** How long the start may take; 60 s when absent. */
  startTimeoutMs?: number;
}

/** A running gateway: NGINX, the registry and their helper services, each as a separate process. */
export interface Gateway {
  /** `http://127.0.0.1:<port>`; a server is at `<url>/<path>/mcp`. */
  url: string;
  /** Key of an agent that may use every server. Null on a `dataDir` that was used before: its keys are known to those who created them. */
  key: string | null;
  /** Credentials of the administrator (POST /api/session). Null on a `dataDir` that was used before. */
  admin: { username: string; password: string } | null;
  dataDir: string;
  /** Of the processes. */
  pids: number[];
  /** Stops the gateway, and waits until every process has ended. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a whole gateway, NGINX included, and waits until it serves its configuration. All its processes end with `stop`, and with this process.
 * Throws when it does not start; everything has been cleaned up by then.
 */
export function createGateway(options?: GatewayOptions): Promise<Gateway>;

/** Starts a gateway from a configuration file (JSON or YAML). Throws what `createGateway` throws. */
export function fromFile(file: string, options?: Omit<GatewayOptions, 'config' | 'servers'>): Promise<Gateway>;
