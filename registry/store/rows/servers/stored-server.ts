import type { Selectable } from 'kysely';
import type {
  ApiDescriptionView,
  HostMode,
  InstanceEndpoints,
  MalformedTool,
  Program,
  ServerTls,
  Timeouts,
  Transport,
  VirtualTool,
} from '../../../contract/index.ts';
import type { Sealer } from '../../seal.ts';
import type { InstanceRow, ServerRow } from '../../tables.ts';

export interface StoredInstance {
  id: string;
  /** Without its query. */
  url: string;
  /** The part after "?", or "". Secret. */
  query: string;
  weight: number;
  enabled: boolean;
  up: boolean;
  endpoints: InstanceEndpoints | null;
  /** Hash of the snapshot that it listed last; null: it never listed its tools. */
  toolsHash: string | null;
  /** Malformed tools in that list; absent: none. */
  malformed?: readonly MalformedTool[];
}

export interface StoredServer {
  id: string;
  path: string;
  name: string;
  description: string;
  tags: string[];
  transport: Transport;
  /** The bridge offers it in every protocol version; absent: it does not. */
  adapt?: boolean | undefined;
  enabled: boolean;
  headerNames: string[];
  forwardHeaders: string[];
  /** Null: not a program of the bridge. */
  program: Program | null;
  /** Tools of a virtual server; absent: not a virtual server. */
  tools?: VirtualTool[] | undefined;
  /** Incremented when different `tools` are saved. */
  toolsVersion?: number | undefined;
  envNames: string[];
  /** Properties of the description of a REST API; absent: not a REST API. */
  openapi?: ApiDescriptionView | undefined;
  hostMode: HostMode;
  timeouts: Timeouts;
  /** Its own CA and client certificate, with the key; absent: none. Secret. */
  tls?: ServerTls | undefined;
  license: string;
  stars: number;
  metadata: Record<string, unknown>;
  /** The configuration that it comes from; absent: none. */
  managedBy?: string | undefined;
  createdAt: string;
  updatedAt: string;
  removedAt: string | null;
  /** The revision of the registry at which it last changed. */
  revision: number;
  instances: StoredInstance[];
}

/** A server to be written: `headers` are its credentials and `env` its environment in plain text; undefined leaves the stored ones unchanged. */
export interface ServerWrite extends Omit<StoredServer, 'headerNames' | 'envNames'> {
  headers: Record<string, string> | undefined;
  env?: Record<string, string> | undefined;
  /** Who saves it, for the versions of a virtual server. */
  savedBy?: string | undefined;
  /** The text of its API description; undefined leaves the stored one unchanged. */
  document?: string | undefined;
}

/** Converts a row to an instance. */
export function readInstance(row: Selectable<InstanceRow>, sealer: Sealer): StoredInstance {
  return {
    id: row.id,
    url: row.url,
    query: sealer.open(row.query_sealed),
    weight: row.weight,
    enabled: row.enabled === 1,
    up: row.up === 1,
    endpoints: row.endpoints_json === null ? null : (JSON.parse(row.endpoints_json) as InstanceEndpoints),
    toolsHash: row.tools_hash,
    ...(row.malformed_json !== '[]' && { malformed: JSON.parse(row.malformed_json) as MalformedTool[] }),
  };
}

function readVirtual(json: string | null): Pick<StoredServer, 'tools' | 'toolsVersion'> {
  if (json === null) return {};
  const { version, tools } = JSON.parse(json) as { version: number; tools: VirtualTool[] };
  return { tools, toolsVersion: version };
}

/** Programs stored before confinement existed have none. */
const readProgram = (json: string | null): Program | null =>
  json === null
    ? null
    : { confinement: null, ...(JSON.parse(json) as Omit<Program, 'confinement'> & Partial<Program>) };

/** Converts a row to a server. */
export function readServer(row: Selectable<ServerRow>, instances: StoredInstance[], sealer: Sealer): StoredServer {
  return {
    id: row.id,
    path: row.path,
    name: row.name,
    description: row.description,
    tags: JSON.parse(row.tags_json) as string[],
    transport: row.transport as Transport,
    adapt: row.adapt === 1,
    enabled: row.enabled === 1,
    headerNames: JSON.parse(row.header_names_json) as string[],
    forwardHeaders: JSON.parse(row.forward_headers_json) as string[],
    program: readProgram(row.program_json),
    ...readVirtual(row.virtual_json),
    ...(row.openapi_json !== null && { openapi: JSON.parse(row.openapi_json) as ApiDescriptionView }),
    envNames: JSON.parse(row.env_names_json) as string[],
    hostMode: row.host_mode as HostMode,
    timeouts: JSON.parse(row.timeouts_json) as Timeouts,
    ...(row.tls_sealed !== '' && { tls: JSON.parse(sealer.open(row.tls_sealed)) as ServerTls }),
    license: row.license,
    stars: row.stars,
    metadata: JSON.parse(row.metadata_json) as Record<string, unknown>,
    ...(row.managed_by !== '' && { managedBy: row.managed_by }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    removedAt: row.removed_at,
    revision: row.revision,
    instances,
  };
}
