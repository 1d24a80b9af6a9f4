import { Validator, type SchemaDraft } from '@cfworker/json-schema';
import type { Schema } from './schema-to-field.ts';

/** JSON pointer of a value ("" is the whole) → its error. */
export type SchemaErrors = ReadonlyMap<string, string>;

const DRAFTS: [pattern: RegExp, draft: SchemaDraft][] = [
  [/draft-04/, '4'],
  [/draft-0[67]/, '7'],
  [/2019-09/, '2019-09'],
];
/** These only report that a nested value is invalid, which has its own error. */
const STRUCTURAL = new Set(['properties', 'items', 'prefixItems', '$ref', 'allOf', 'additionalProperties', 'if']);

/** The errors of a value by its schema, the first one at each location. A schema that cannot be used reports no errors. */
export function validateValue(schema: Schema, value: unknown): SchemaErrors {
  const errors = new Map<string, string>();
  const declared = typeof schema['$schema'] === 'string' ? schema['$schema'] : '';
  const draft = DRAFTS.find(([pattern]) => pattern.test(declared))?.[1] ?? '2020-12';
  try {
    const { $schema: _, ...rest } = schema;
    for (const error of new Validator(rest, draft, false).validate(value ?? {}).errors) {
      if (STRUCTURAL.has(error.keyword)) continue;
      const missing = error.keyword === 'required' ? /"([^"]+)"/.exec(error.error)?.[1] : undefined;
      const path = error.instanceLocation.replace(/^#/, '');
      // Shown at the field that is missing, not at the object around it.
      const pointer = missing === undefined ? path : `${path}/${missing.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (!errors.has(pointer)) errors.set(pointer, missing === undefined ? error.error : 'This is required.');
    }
  } catch {
    return new Map();
  }
  return errors;
}
