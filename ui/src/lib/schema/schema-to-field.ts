import { isRecord } from '@mcpgw/registry/contract';

/** A JSON Schema node. All of it is untrusted data of a server. */
export type Schema = Record<string, unknown>;

export interface Choice {
  label: string;
  schema: Schema;
}
interface Common {
  title: string;
  description: string;
  /** The default of the schema, or undefined. */
  fallback: unknown;
}
/** The form field of one node of a schema. */
export type Field = Common &
  (
    | { kind: 'text'; format: string | null; multiline: boolean; examples: string }
    | { kind: 'number'; isInteger: boolean; min: number | null; max: number | null }
    | { kind: 'boolean' }
    | { kind: 'const'; value: unknown }
    | { kind: 'enum'; options: unknown[] }
    | { kind: 'object'; properties: { name: string; schema: Schema; required: boolean }[]; isOpen: boolean }
    | { kind: 'array'; items: Schema; min: number; max: number }
    | { kind: 'choice'; choices: Choice[] }
    /** The form cannot show it: this node is edited as JSON. */
    | { kind: 'json'; reason: string }
  );

/** Maximum length of a chain of references. */
const MAX_REFERENCES = 20;

const unescapePointer = (part: string): string => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');

function followPointer(pointer: string, root: Schema): unknown {
  let found: unknown = root;
  for (const part of pointer.split('/').slice(1)) {
    const key = unescapePointer(part);
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Schema)[key];
  }
  return found;
}

/** The node with its `$ref` resolved within the document; undefined if the reference is broken or external. */
export function resolveSchema(schema: Schema, root: Schema): Schema | undefined {
  let current = schema;
  for (let count = 0; typeof current['$ref'] === 'string'; count += 1) {
    const { $ref: reference, ...beside } = current as Schema & { $ref: string };
    if (count >= MAX_REFERENCES || !/^#($|\/)/.test(reference)) return undefined;
    let target: unknown;
    try {
      target = followPointer(reference.slice(1), root);
    } catch {
      return undefined;
    }
    if (!isRecord(target)) return undefined;
    current = { ...target, ...beside };
  }
  return current;
}

/** Merges two schemas that must both hold; undefined if a form cannot express the result. */
function merge(a: Schema, b: Schema): Schema | undefined {
  const merged: Schema = { ...a };
  for (const [key, value] of Object.entries(b)) {
    if (!(key in merged) || JSON.stringify(merged[key]) === JSON.stringify(value)) merged[key] = value;
    else if (key === 'properties') {
      const both: Schema = { ...(merged[key] as Schema) };
      for (const [name, schema] of Object.entries(value as Schema))
        both[name] = name in both ? { allOf: [both[name], schema] } : schema;
      merged[key] = both;
    } else if (key === 'required') merged[key] = [...new Set([...(merged[key] as unknown[]), ...(value as unknown[])])];
    else if (key === '$defs' || key === 'definitions')
      merged[key] = { ...(merged[key] as Schema), ...(value as Schema) };
    else if (['title', 'description', 'default', 'examples'].includes(key)) merged[key] = value;
    else if (key.startsWith('min') || key === 'exclusiveMinimum')
      merged[key] = Math.max(Number(merged[key]), Number(value));
    else if (key.startsWith('max') || key === 'exclusiveMaximum')
      merged[key] = Math.min(Number(merged[key]), Number(value));
    else if (key === 'anyOf' || key === 'oneOf' || key === 'enum') return undefined;
    else if (key === 'type') return undefined;
  }
  return merged;
}

/** A node with its references resolved and its `allOf` merged; undefined if the form cannot show it. */
export function flattenSchema(schema: Schema, root: Schema, depth = 0): Schema | undefined {
  const resolved = resolveSchema(schema, root);
  if (resolved === undefined || depth > MAX_REFERENCES) return undefined;
  const { allOf, ...rest } = resolved;
  if (!Array.isArray(allOf)) return resolved;
  let merged: Schema | undefined = rest;
  for (const part of allOf) {
    const flat: Schema | undefined = isRecord(part) ? flattenSchema(part, root, depth + 1) : {};
    merged = flat === undefined ? undefined : merge(merged, flat);
    if (merged === undefined) return undefined;
  }
  return merged;
}

const NAMES: Record<string, string> = {
  string: 'Text',
  number: 'Number',
  integer: 'Whole number',
  boolean: 'Yes or no',
  object: 'Object',
  array: 'List',
  null: 'Null',
};

function labelOf(schema: Schema, root: Schema, index: number): string {
  const flat = flattenSchema(schema, root) ?? schema;
  const { title, type, const: constant } = flat;
  if (typeof title === 'string' && title !== '') return title;
  if ('const' in flat) return JSON.stringify(constant);
  // The discriminator of a union of objects distinguishes its variants.
  const fixed = Object.entries(isRecord(flat['properties']) ? flat['properties'] : {}).find(
    ([, property]) => isRecord(property) && 'const' in property,
  );
  if (fixed !== undefined) return `${fixed[0]}: ${JSON.stringify((fixed[1] as Schema)['const'])}`;
  return (typeof type === 'string' ? NAMES[type] : undefined) ?? `Option ${index + 1}`;
}

function toChoices(variants: unknown[], base: Schema, root: Schema): Choice[] | undefined {
  const choices: Choice[] = [];
  for (const [index, variant] of variants.entries()) {
    if (!isRecord(variant)) return undefined;
    const { title: _, description: __, default: ___, ...shared } = base;
    const flat = flattenSchema(variant, root);
    // Keywords beside the choice apply to each of its variants.
    const schema = flat === undefined ? variant : merge(shared, flat);
    if (schema === undefined) return undefined;
    choices.push({ label: labelOf(variant, root, index), schema });
  }
  return choices;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);

function guessType(schema: Schema): unknown {
  if ('type' in schema) return schema['type'];
  if (isRecord(schema['properties'])) return 'object';
  return 'items' in schema ? 'array' : undefined;
}

/** The form field of a node of a schema; `root` is the whole schema, for its references. */
export function schemaToField(schema: Schema, root: Schema): Field {
  const flat = flattenSchema(schema, root);
  const node = flat ?? schema;
  const common: Common = {
    title: text(node['title']),
    description: text(node['description']),
    fallback: node['default'],
  };
  const json = (reason: string): Field => ({ ...common, kind: 'json', reason });
  if (flat === undefined)
    return json('It has an external or broken reference, or combines schemas that cannot be shown as fields.');
  if ('const' in flat) return { ...common, kind: 'const', value: flat['const'] };
  if (Array.isArray(flat['enum'])) return { ...common, kind: 'enum', options: flat['enum'] };
  for (const key of ['oneOf', 'anyOf'] as const) {
    const { [key]: variants, ...base } = flat;
    if (!Array.isArray(variants) || variants.length === 0) continue;
    const constants = variants.every((variant) => isRecord(variant) && 'const' in variant);
    if (constants) return { ...common, kind: 'enum', options: variants.map((variant) => (variant as Schema)['const']) };
    const choices = toChoices(variants, base, root);
    return choices === undefined
      ? json('Its variants cannot be shown as fields.')
      : { ...common, kind: 'choice', choices };
  }
  const type = guessType(flat);
  if (Array.isArray(type)) {
    const choices = type.map((name): Choice => ({
      label: NAMES[String(name)] ?? String(name),
      schema: { ...flat, type: name },
    }));
    return choices.length === 1 && choices[0]
      ? schemaToField(choices[0].schema, root)
      : { ...common, kind: 'choice', choices };
  }
  if (type === 'string') {
    const examples = Array.isArray(flat['examples']) ? text(flat['examples'][0]) : '';
    const multiline =
      (number(flat['maxLength']) ?? 0) > 200 || /\b(text|content|body|markdown|prompt)\b/i.test(common.title);
    return { ...common, kind: 'text', format: text(flat['format']) || null, multiline, examples };
  }
  if (type === 'number' || type === 'integer')
    return {
      ...common,
      kind: 'number',
      isInteger: type === 'integer',
      min: number(flat['minimum']) ?? number(flat['exclusiveMinimum']),
      max: number(flat['maximum']) ?? number(flat['exclusiveMaximum']),
    };
  if (type === 'boolean') return { ...common, kind: 'boolean' };
  if (type === 'null') return { ...common, kind: 'const', value: null };
  if (type === 'array') {
    if (Array.isArray(flat['prefixItems']) || Array.isArray(flat['items']))
      return json('A list with a schema for each position.');
    const items = isRecord(flat['items']) ? flat['items'] : {};
    return {
      ...common,
      kind: 'array',
      items,
      min: number(flat['minItems']) ?? 0,
      max: number(flat['maxItems']) ?? Infinity,
    };
  }
  if (type === 'object') {
    const properties = isRecord(flat['properties']) ? flat['properties'] : {};
    const required = new Set(Array.isArray(flat['required']) ? flat['required'] : []);
    const listed = Object.entries(properties).map(([name, property]) => ({
      ...{ name, required: required.has(name) },
      schema: isRecord(property) ? property : {},
    }));
    const isOpen =
      isRecord(flat['additionalProperties']) ||
      isRecord(flat['patternProperties']) ||
      flat['additionalProperties'] === true;
    if (listed.length === 0 && isOpen) return json('An object with any members.');
    return {
      ...common,
      kind: 'object',
      properties: listed.toSorted((a, b) => Number(b.required) - Number(a.required)),
      isOpen,
    };
  }
  return json(type === undefined ? 'Any JSON value.' : 'A type that the form does not support.');
}

/** The initial value of a required node: constants, defaults and the required members of objects; else undefined. */
export function initialValue(schema: Schema, root: Schema, depth = 0): unknown {
  const field = schemaToField(schema, root);
  if (field.kind === 'const') return field.value;
  if (field.fallback !== undefined) return structuredClone(field.fallback);
  if (field.kind === 'array') return field.min === 0 ? [] : undefined;
  if (field.kind !== 'object' || depth > MAX_REFERENCES) return undefined;
  const members = field.properties
    .filter(({ required }) => required)
    .map(({ name, schema: property }) => [name, initialValue(property, root, depth + 1)] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(members);
}
