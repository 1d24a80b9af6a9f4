import { z } from 'zod';
import { program } from '../program/program.ts';
import { transport } from '../server/transport.ts';
import { api } from './api.ts';

/** Version of the files in `DATA_DIR/bridge/`; one of another version is not run. */
export const BRIDGE_FILE_VERSION = 1;

const common = {
  v: z.literal(BRIDGE_FILE_VERSION),
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  path: z.string(),
};

/** `DATA_DIR/bridge/servers/<server id>.json`, written by the registry: a program that the bridge may run. A missing file means that it may not. */
export const bridgeFile = z.strictObject({
  ...common,
  kind: z.literal('program').default('program'),
  program,
  /** As entered: references are read when the program starts. */
  env: z.record(z.string(), z.string()),
});

const remote = {
  ...common,
  /** With its query, which may be secret. */
  url: z.string(),
  /** Credentials. */
  headers: z.record(z.string(), z.string()),
  tls: z
    .object({ ca: z.string().nullable(), certificate: z.string().nullable(), key: z.string().nullable() })
    .nullable(),
  connectMs: z.int(),
  callMs: z.int().describe('how long a call may take without progress'),
};

/** The same for a server elsewhere that the bridge adapts: a REST API, or an MCP server that is offered in every protocol version. */
export const remoteFile = z.discriminatedUnion('kind', [
  z.strictObject({ ...remote, kind: z.literal('openapi'), api }),
  z.strictObject({ ...remote, kind: z.literal('mcp'), transport }),
]);

/** `DATA_DIR/bridge/upstream.json`: the addresses that may be reached; without this file, none. */
export const upstreamFile = z.strictObject({
  v: z.literal(BRIDGE_FILE_VERSION),
  allow: z.array(z.string()),
  ownPorts: z.array(z.int()),
  /** PEM certificates that servers are verified against; null: those of Node. */
  caFile: z.string().nullable(),
});

export type BridgeFile = z.infer<typeof bridgeFile>;
export type RemoteFile = z.infer<typeof remoteFile>;
export type ApiFile = Extract<RemoteFile, { kind: 'openapi' }>;
export type McpFile = Extract<RemoteFile, { kind: 'mcp' }>;
/** What the bridge may serve. */
export type ServedFile = BridgeFile | RemoteFile;
export type UpstreamFile = z.infer<typeof upstreamFile>;
