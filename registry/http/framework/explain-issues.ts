import type { z } from 'zod';
import { RegistryError, type FieldError } from '../../errors.ts';

function nameField(path: readonly PropertyKey[], where: string): string {
  return path.length === 0 ? where : path.map(String).join('.');
}

function explainIssue(issue: z.core.$ZodIssue, where: string): FieldError[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      field: nameField([...issue.path, key], where),
      message: 'there is no such field here',
    }));
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return [{ field: nameField(issue.path, where), message: `this is missing; give ${describeType(issue.expected)}` }];
  // What is wrong with the name of a member comes from its own schema; zod's "Invalid key in record" does not say it.
  if (issue.code === 'invalid_key')
    return issue.issues.map(({ message }) => ({ field: nameField(issue.path, where), message }));
  return [{ field: nameField(issue.path, where), message: issue.message }];
}

function describeType(expected: string): string {
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

/** The issues of zod as one error with a line for each field. `where` names what has no field: "body", "query". */
export function explainIssues(error: z.ZodError, where: string): RegistryError {
  const errors = error.issues.flatMap((issue) => explainIssue(issue, where));
  const shown = errors.slice(0, 3).map(({ field, message }) => `${field}: ${message}`);
  const more = errors.length > shown.length ? ` (and ${errors.length - shown.length} more)` : '';
  return new RegistryError('invalid', `${shown.join('; ')}${more}`, { errors });
}
