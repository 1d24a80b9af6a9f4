import type { Problem } from '../../contract/index.ts';
import { RegistryError, type ErrorCode, type FieldError } from '../../lib/errors.ts';
import { explainDatabaseFailure } from '../../store/index.ts';

/** The only mapping from the kind of a RegistryError to a status code. */
const STATUS: Record<ErrorCode, { status: number; title: string }> = {
  invalid: { status: 422, title: 'Invalid input' },
  unauthorized: { status: 401, title: 'Not logged in' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict with the current state' },
  stale: { status: 412, title: 'Changed in the meantime' },
  limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'A fault inside the registry' },
  unavailable: { status: 503, title: 'Not possible at the moment' },
};

/** Problems that only HTTP has; no RegistryError has such a code. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly hint: string | undefined;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    title: string,
    detail: string,
    more: { hint?: string; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.status = status;
    this.title = title;
    this.hint = more.hint;
    this.headers = more.headers ?? {};
  }
}

/** A problem ready to be sent. */
export interface ProblemAnswer {
  problem: Problem;
  headers: Record<string, string>;
  /** Whether it is an internal fault that must be logged. */
  isFault: boolean;
}

function describeLimit(thrown: object): string {
  const { limit } = thrown as { limit?: number };
  return limit === undefined ? 'the limit of this API' : `${limit / 1024} KB, the limit of this endpoint`;
}

function fromBodyParser(thrown: unknown): HttpProblem | undefined {
  if (!(thrown instanceof Error) || !('status' in thrown)) return undefined;
  // zlib's errors come with a code only (nodejs.org/api/zlib.html).
  if ('code' in thrown && String(thrown.code).startsWith('Z_'))
    return new HttpProblem(400, 'Malformed encoding', 'the body does not match its Content-Encoding', {
      hint: 'Send it uncompressed, or compress it as a whole.',
    });
  switch ('type' in thrown ? thrown.type : undefined) {
    case 'entity.parse.failed':
      return new HttpProblem(400, 'Malformed JSON', `the body is not valid JSON: ${thrown.message}`, {
        hint: 'Send one JSON document with Content-Type: application/json.',
      });
    case 'entity.too.large':
    case 'parameters.too.many':
      return new HttpProblem(413, 'Body too large', `the body is larger than ${describeLimit(thrown)}`);
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new HttpProblem(415, 'Unsupported encoding', thrown.message, { hint: 'Send UTF-8, plain or gzip.' });
    case 'request.size.invalid':
    case 'request.aborted':
      return new HttpProblem(400, 'Incomplete request', 'the body ended before it was complete');
    default:
      return undefined;
  }
}

function fromRegistry(error: RegistryError, current: unknown): ProblemAnswer {
  const { status, title } = STATUS[error.code];
  const headers: Record<string, string> = {};
  if (error.retryAfterS !== undefined) headers['Retry-After'] = String(Math.max(1, Math.ceil(error.retryAfterS)));
  if (error.code === 'unauthorized') headers['WWW-Authenticate'] = 'Bearer';
  return {
    headers,
    isFault: error.code === 'internal',
    problem: {
      type: `/docs#problem-${error.code}`,
      title,
      status,
      detail: error.message,
      code: error.code,
      ...(error.hint !== undefined && { hint: error.hint }),
      ...(error.errors !== undefined && { errors: error.errors satisfies FieldError[] }),
      ...(current !== undefined && { current: current as NonNullable<Problem['current']> }),
    },
  };
}

/** Converts anything thrown to a problem (RFC 9457); an error that is not meant for the caller becomes a 500 without its text. */
export function toProblem(thrown: unknown, current?: unknown): ProblemAnswer {
  if (thrown instanceof RegistryError) return fromRegistry(thrown, current);
  const known = thrown instanceof HttpProblem ? thrown : fromBodyParser(thrown);
  if (known !== undefined)
    return {
      headers: known.headers,
      isFault: false,
      problem: {
        type: 'about:blank',
        title: known.title,
        status: known.status,
        detail: known.message,
        ...(known.hint !== undefined && { hint: known.hint }),
      },
    };
  const failure = explainDatabaseFailure(thrown);
  if (failure !== undefined) return { ...fromRegistry(failure, undefined), isFault: true };
  if (thrown instanceof URIError)
    return toProblem(
      new HttpProblem(400, 'Malformed URL', 'the URL contains a percent sign that begins no valid escape'),
    );
  return {
    ...fromRegistry(
      new RegistryError('internal', 'the registry could not do this because of an internal fault'),
      undefined,
    ),
    isFault: true,
  };
}

/** The codes, statuses and titles for the documentation. */
export const PROBLEM_CODES = Object.entries(STATUS).map(([code, facts]) => ({ code, ...facts }));
