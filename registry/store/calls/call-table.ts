import type { CallLogLine, CallView } from '../../contract/index.ts';

/** The table of single calls. `time_ms` is epoch milliseconds; lists are JSON text; ids are bytes, which halves their index. */
export const SCHEMA = `
  CREATE TABLE calls (
    id INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, request_id BLOB NOT NULL, trace BLOB, http TEXT NOT NULL, agent TEXT, server TEXT,
    instance TEXT, era TEXT, methods TEXT NOT NULL, tools TEXT NOT NULL, status INTEGER NOT NULL, verdict TEXT NOT NULL, reason TEXT,
    bytes_in INTEGER NOT NULL, bytes_out INTEGER NOT NULL, duration_ms REAL NOT NULL, upstream_ms REAL, address TEXT NOT NULL
  ) STRICT;
  CREATE INDEX calls_time ON calls (time_ms);
  CREATE INDEX calls_agent ON calls (agent, time_ms);
  CREATE INDEX calls_server ON calls (server, time_ms);
  CREATE INDEX calls_failed ON calls (time_ms) WHERE status >= 400;
  CREATE INDEX calls_request ON calls (request_id);
  CREATE INDEX calls_trace ON calls (trace) WHERE trace IS NOT NULL;
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
`;

/** Upgrades of the table to the next version, by the version before. */
export const UPGRADES: Record<number, string> = {
  1: `
    ALTER TABLE calls ADD COLUMN key TEXT;
    ALTER TABLE calls ADD COLUMN prompts TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE calls ADD COLUMN resources TEXT NOT NULL DEFAULT '[]';
  `,
  2: `
    ALTER TABLE calls ADD COLUMN tool_error INTEGER;
    ALTER TABLE calls ADD COLUMN arguments TEXT;
    ALTER TABLE calls ADD COLUMN result TEXT;
  `,
};

/** A row of `calls`. */
export interface CallRow {
  id: number;
  time_ms: number;
  request_id: Buffer;
  trace: Buffer | null;
  http: string;
  agent: string | null;
  server: string | null;
  instance: string | null;
  era: string | null;
  methods: string;
  tools: string;
  status: number;
  verdict: string;
  reason: string | null;
  bytes_in: number;
  bytes_out: number;
  duration_ms: number;
  upstream_ms: number | null;
  address: string;
  key: string | null;
  prompts: string;
  resources: string;
  tool_error: number | null;
  arguments: string | null;
  result: string | null;
}

export const INSERT = `
  INSERT INTO calls (time_ms, request_id, trace, http, agent, server, instance, era, methods, tools, status, verdict, reason, bytes_in,
    bytes_out, duration_ms, upstream_ms, address, key, prompts, resources, tool_error, arguments, result)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** The values for `INSERT`. */
export function toValues(line: CallLogLine): unknown[] {
  return [
    ...[Math.round(line.time * 1_000), Buffer.from(line.id, 'hex'), line.trace && Buffer.from(line.trace, 'hex')],
    ...[line.http, line.agent, line.server, line.instance, line.era],
    ...[JSON.stringify(line.methods), JSON.stringify(line.tools)],
    ...[line.status, line.verdict, line.reason, line.bytesIn, line.bytesOut, line.durationMs, line.upstreamMs],
    ...[line.address, line.key, JSON.stringify(line.prompts), JSON.stringify(line.resources)],
    ...[line.toolError === null ? null : Number(line.toolError), line.arguments, line.result],
  ];
}

/** Converts a row to a call. */
export function toCall(row: CallRow): CallView {
  return {
    id: row.id,
    at: new Date(row.time_ms).toISOString(),
    requestId: row.request_id.toString('hex'),
    trace: row.trace && row.trace.toString('hex'),
    http: row.http,
    agent: row.agent,
    key: row.key,
    server: row.server,
    instance: row.instance,
    era: row.era as CallView['era'],
    methods: JSON.parse(row.methods) as string[],
    tools: JSON.parse(row.tools) as string[],
    prompts: JSON.parse(row.prompts) as string[],
    resources: JSON.parse(row.resources) as string[],
    toolError: row.tool_error === null ? null : row.tool_error === 1,
    arguments: row.arguments,
    result: row.result,
    status: row.status,
    verdict: row.verdict as CallView['verdict'],
    reason: row.reason,
    bytesIn: row.bytes_in,
    bytesOut: row.bytes_out,
    durationMs: row.duration_ms,
    upstreamMs: row.upstream_ms,
    address: row.address,
  };
}
