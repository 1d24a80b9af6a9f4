import type { Problem } from '@mcpgw/registry/contract';

/** The registry returned an error. `message` is shown to users. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = 'ApiError';
    this.status = problem.status;
    this.problem = problem;
  }

  /** What to do next, if the registry suggests anything. */
  get hint(): string | undefined {
    return this.problem.hint;
  }

  /** The validation error of one field, if any. */
  field(name: string): string | undefined {
    return this.problem.errors?.find((error) => error.field === name || error.field.startsWith(`${name}.`))?.message;
  }
}

/** The registry could not be reached. */
export class UnreachableError extends Error {
  constructor(cause: unknown) {
    super('The registry cannot be reached. Agents keep working, but nothing can be changed until it is back.', {
      cause,
    });
    this.name = 'UnreachableError';
  }
}

/** The connection was lost while the registry processed a change, or its response never arrived. */
export class UnansweredError extends Error {
  constructor(cause?: unknown) {
    super('The registry did not respond. It is unknown whether the change was saved; the page shows what is stored.', {
      cause,
    });
    this.name = 'UnansweredError';
  }
}

/** The message of an error. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
