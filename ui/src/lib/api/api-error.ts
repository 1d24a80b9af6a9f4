import type { Problem } from '@mcpgw/registry/contract';

/** The registry answered, but not with what was asked for. `message` is for people. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = 'ApiError';
    this.status = problem.status;
    this.problem = problem;
  }

  /** What to do about it, where the registry says so. */
  get hint(): string | undefined {
    return this.problem.hint;
  }

  /** What is wrong with one field, where it is this field's fault. */
  field(name: string): string | undefined {
    return this.problem.errors?.find((error) => error.field === name || error.field.startsWith(`${name}.`))?.message;
  }
}

/** The registry could not be reached at all. */
export class UnreachableError extends Error {
  constructor(cause: unknown) {
    super('The registry cannot be reached. Agents keep working; changes have to wait.', { cause });
    this.name = 'UnreachableError';
  }
}

/** What went wrong, in words for a person. */
export function explain(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
