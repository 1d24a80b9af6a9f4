/** What went wrong; only `http/` maps these to status codes. */
export type ErrorCode =
  | 'conflict'
  | 'stale'
  | 'invalid'
  | 'not_found'
  | 'unauthorized'
  | 'forbidden'
  | 'limited'
  | 'unavailable'
  | 'internal';

export interface FieldError {
  /** Name of the field, nested ones with dots: `instances.0.url`. */
  field: string;
  message: string;
}

interface RegistryErrorDetails {
  cause?: unknown;
  /** What the reader can do about it. */
  hint?: string;
  errors?: FieldError[];
  /** Only for `limited` and `unavailable`. */
  retryAfterS?: number;
}

/** An error for the caller: its message may be shown, so it never contains a secret. */
export class RegistryError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterS: number | undefined;

  constructor(code: ErrorCode, message: string, details: RegistryErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'RegistryError';
    this.code = code;
    this.hint = details.hint;
    this.errors = details.errors;
    this.retryAfterS = details.retryAfterS;
  }
}

/** The `not_found` for a path without a server. */
export function noServerAt(path: string): RegistryError {
  return new RegistryError('not_found', `there is no server at "${path}"`, {
    hint: 'List the servers with GET /api/servers. A server that was removed can be restored (POST /api/servers/:path/restore).',
  });
}

/** The message of anything that was thrown. */
export function describeError(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
