import type { ConfigInput } from '../registry/contract/index.ts';

type ServerInput = NonNullable<ConfigInput['servers']>[string];

/** Options of `createGateway`. */
export interface GatewayOptions {
  /** A configuration file (JSON or YAML), or its content as an object. As root it must be readable for the user mcpgw. */
  config?: string | ConfigInput;
  /** Servers by path, each as its URL or as in a configuration; in addition to those of a `config` object. */
  servers?: Record<string, string | ServerInput>;
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
