import type { ColumnType, Generated } from 'kysely';

// Times are ISO 8601 text in UTC; columns named *_json hold JSON text, *_sealed text encrypted by `Sealer`.
// Booleans are 0 and 1, since SQLite has none.
export interface Tables {
  meta: { key: string; value: string };
  servers: ServerRow;
  instances: InstanceRow;
  observations: ObservationRow;
  snapshots: { hash: string; tools_json: string; created_at: string };
  checks: { server_id: string; at: number; health: string; latency_ms: number | null; problem: string | null };
  server_counts: { at: number; servers: number; healthy: number; tools: number };
  tools: ToolRow;
  tool_changes: ToolChangeRow;
  tool_issues: { server_id: string; kind: string; count: number; since: string };
  tool_locks: { server_id: string; mode: string; locked_at: string; locked_by: string };
  approvals: { server_id: string; name: string; hash: string; tool_json: string };
  agents: AgentRow;
  agent_keys: KeyRow;
  agent_groups: { agent: string; group_name: string };
  groups: GroupRow;
  key_uses: { key_id: string; agent: string; at: string };
  taken_over: { kind: string; name: string; source: string; at: string; by: string };
  kills: { id: string; scope: string; target: string; reason: string; at: string; by: string };
  limits: { scope: string; target: string; zone: string; rules_json: string; revision: number; managed_by: string };
  users: UserRow;
  sessions: { sid_hash: string; username: string | null; data_json: string; expires_at: string };
  audit: AuditRow;
  virtual_versions: { server_id: string; version: number; at: string; by: string; tools_json: string };
  api_descriptions: { server_id: string; document: string };
  recordings: { server_id: string; value_json: string };
  generations: GenerationRow;
  call_counts: CallCountRow;
  call_durations: CallDurationRow;
}

export interface ServerRow {
  id: string;
  path: string;
  name: string;
  description: string;
  tags_json: string;
  transport: string;
  adapt: Generated<number>;
  enabled: number;
  header_names_json: string;
  headers_sealed: string;
  forward_headers_json: Generated<string>;
  tls_sealed: Generated<string>;
  /** Null: not a program of the bridge. */
  program_json: Generated<string | null>;
  /** Null: not a virtual server. */
  virtual_json: Generated<string | null>;
  /** Null: not a REST API with a description. */
  openapi_json: Generated<string | null>;
  env_names_json: Generated<string>;
  env_sealed: Generated<string>;
  host_mode: string;
  timeouts_json: string;
  license: string;
  stars: number;
  metadata_json: string;
  /** The configuration that it comes from; empty: none. */
  managed_by: Generated<string>;
  created_at: string;
  updated_at: string;
  removed_at: string | null;
  revision: number;
}

export interface InstanceRow {
  server_id: string;
  id: string;
  position: number;
  url: string;
  query_sealed: string;
  weight: number;
  enabled: number;
  up: number;
  endpoints_json: string | null;
  tools_hash: string | null;
  malformed_json: Generated<string>;
}

export interface ObservationRow {
  server_id: string;
  health: string;
  health_since: string | null;
  era: string | null;
  protocol_version: string | null;
  server_info_json: string | null;
  capabilities_json: string;
  snapshot_hash: string | null;
  tool_count: number;
  checked_at: string;
  latency_ms: number | null;
  problem: string | null;
  remedy: string | null;
}

export interface ToolRow {
  id: Generated<number>;
  server_id: string;
  name: string;
  hash: string;
  tool_json: string;
  findings_json: string;
}

export interface ToolChangeRow {
  id: Generated<number>;
  server_id: string;
  at: string;
  kind: string;
  tool: string;
  previous_name: string | null;
  fields_json: string;
  before_json: string | null;
  after_json: string | null;
}

export interface AgentRow {
  name: string;
  description: string;
  owner: Generated<string>;
  tags_json: Generated<string>;
  role: string | null;
  enabled: number;
  expires_at: string | null;
  grants_json: string;
  tool_list: Generated<string>;
  managed_by: Generated<string>;
  created_at: string;
  revision: number;
}

export interface GroupRow {
  name: string;
  description: string;
  managed_by: Generated<string>;
  grants_json: string;
  created_at: string;
  revision: number;
}

export interface KeyRow {
  id: string;
  agent: string;
  sha256: string;
  label: string;
  hint: string;
  created_at: string;
  expires_at: string | null;
  /** Patterns of the servers that the key is limited to; null: not limited. */
  servers_json: Generated<string | null>;
}

export interface UserRow {
  username: string;
  password_hash: string;
  role: string;
  enabled: number;
  created_at: string;
  last_login_at: string | null;
  revision: number;
}

export interface AuditRow {
  id: Generated<number>;
  at: string;
  actor_kind: string;
  actor_name: string;
  actor_address: string | null;
  action: string;
  target: string;
  before_json: string | null;
  after_json: string | null;
  revision: number;
  request_id: string | null;
  /** Chains the row to the one before (rows/activity/audit-chain.ts); empty if it was written before the chain began. */
  mac: string;
}

export interface GenerationRow {
  number: ColumnType<number, number, never>;
  state: string;
  revision: number;
  servers: number;
  rejected_json: string;
  cause: string;
  error: string | null;
  nginx_output: string;
  fingerprint: string;
  created_at: string;
  verified_at: string | null;
  took_ms: number | null;
}

export interface CallCountRow {
  step_s: number;
  start_s: number;
  server: string;
  agent: string;
  tool: string;
  verdict: string;
  requests: number;
  calls: number;
  errors: number;
  tool_errors: number;
  last_call_ms: number;
}

export interface CallDurationRow {
  step_s: number;
  start_s: number;
  server: string;
  tool: string;
  bucket: number;
  count: number;
}
