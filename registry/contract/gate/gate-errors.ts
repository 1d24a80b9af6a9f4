/** The gateway's own error responses to agents: JSON-RPC code and HTTP status (docs/errors.md). Plain constants, so that the gate can include them. */
export const GATE_ERRORS = {
  unauthorized: { code: -32051, status: 401 },
  forbidden: { code: -32053, status: 403 },
  unknown_path: { code: -32054, status: 404 },
  /** The code that MCP's SDKs use for it; with 404 a client begins a new session. */
  unknown_session: { code: -32001, status: 404 },
  unavailable: { code: -32055, status: 503 },
  unacceptable: { code: -32058, status: 400 },
  /** HeaderMismatch of MCP 2026-07-28, so that a modern client stays modern. */
  mismatch: { code: -32020, status: 400 },
  too_large: { code: -32058, status: 413 },
  limited: { code: -32059, status: 429 },
} as const;
export type GateError = keyof typeof GATE_ERRORS;
