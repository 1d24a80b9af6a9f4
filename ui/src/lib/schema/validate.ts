import { Validator, type SchemaDraft } from '@cfworker/json-schema';
import type { Schema } from './schema-to-field.ts';

/** JSON pointer of a value ("" is the whole) → what is wrong with it. */
export type SchemaErrors = ReadonlyMap<string, string>;

const DRAFTS: [pattern: RegExp, draft: SchemaDraft][] = [
  [/draft-04/, '4'],
  [/draft-0[67]/, '7'],
  [/2019-09/, '2019-09'],
];
/** These only say that something below is wrong, which is said there. */
const STRUCTURAL = new Set(['properties', 'items', 'prefixItems', '$ref', 'allOf', 'additionalProperties', 'if']);

/** What is wrong with a value by its schema, first error of each place; empty: nothing. A schema that cannot be used judges nothing. */
export function validateValue(schema: Schema, value: unknown): SchemaErrors {
  const errors = new Map<string, string>();
  const written = typeof schema['$schema'] === 'string' ? schema['$schema'] : '';
  const draft = DRAFTS.find(([pattern]) => pattern.test(written))?.[1] ?? '2020-12';
  try {
    const { $schema: _, ...rest } = schema;
    for (const error of new Validator(rest, draft, false).validate(value ?? {}).errors) {
      if (STRUCTURAL.has(error.keyword)) continue;
      const missing = error.keyword === 'required' ? /"([^"]+)"/.exec(error.error)?.[1] : undefined;
      const place = error.instanceLocation.replace(/^#/, '');
      // Shown at the field that is missing, not at the object around it.
      const pointer = missing === undefined ? place : `${place}/${missing.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (!errors.has(pointer)) errors.set(pointer, missing === undefined ? error.error : 'This is required.');
    }
  } catch {
    return new Map();
  }
  return errors;
}
