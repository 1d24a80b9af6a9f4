import type { z } from 'zod';
import { RegistryError, type FieldError } from './errors.ts';

/** More are only counted: a response to a hostile body must not be larger than the body. */
const MAX_ERRORS = 20;
const MAX_FIELD = 200;

/** A hint for a field that does not exist. */
export type HintAtUnknown = (field: string) => string | undefined;

function nameField(path: readonly PropertyKey[], where: string): string {
  return path.length === 0 ? where : path.map(String).join('.').slice(0, MAX_FIELD);
}

function explainIssue(issue: z.core.$ZodIssue, where: string, hintAt: HintAtUnknown): FieldError[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, MAX_ERRORS).map((key) => {
      const hint = issue.path.length === 0 ? hintAt(key) : undefined;
      const message = `there is no such field here${hint === undefined ? '' : `; ${hint}`}`;
      return { field: nameField([...issue.path, key], where), message };
    });
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return [
      { field: nameField(issue.path, where), message: `this is missing; expected ${describeType(issue.expected)}` },
    ];
  // The problem with the name of a member is in the issues of its own schema; zod's "Invalid key in record" does not contain it.
  if (issue.code === 'invalid_key')
    return issue.issues.slice(0, MAX_ERRORS).map(({ message }) => ({ field: nameField(issue.path, where), message }));
  return [{ field: nameField(issue.path, where), message: issue.message }];
}

function describeType(expected: string): string {
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

function countErrors(issue: z.core.$ZodIssue): number {
  if (issue.code === 'unrecognized_keys') return issue.keys.length;
  return issue.code === 'invalid_key' ? issue.issues.length : 1;
}

/**
 * The issues of zod as one error with an entry for each field, at most 20 of them. `where` is used for issues without a field: "body", "query".
 */
export function explainIssues(
  error: z.ZodError,
  where: string,
  hintAt: HintAtUnknown = () => undefined,
): RegistryError {
  const errors: FieldError[] = [];
  for (const issue of error.issues) {
    if (errors.length >= MAX_ERRORS) break;
    errors.push(...explainIssue(issue, where, hintAt));
  }
  errors.length = Math.min(errors.length, MAX_ERRORS);
  const count = error.issues.reduce((sum, issue) => sum + countErrors(issue), 0);
  const shown = errors.slice(0, 3).map(({ field, message }) => `${field}: ${message}`);
  const more = count > shown.length ? ` (and ${count - shown.length} more)` : '';
  return new RegistryError('invalid', `${shown.join('; ')}${more}`, { errors });
}
