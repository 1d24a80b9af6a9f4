import { isDeepStrictEqual } from 'node:util';
import { isRecord, ownMember, type ConfigChange } from '../../contract/index.ts';

type FieldChange = ConfigChange['fields'][number];
type Json = FieldChange['before'];
type Fields = Record<string, unknown>;

const SECRET = '(secret)';
/** Members that are compared one by one. */
const NESTED = new Set(['headers', 'env', 'timeouts', 'program', 'tls', 'openapi', 'metadata']);

const asJson = (value: unknown): Json => (value === undefined ? null : (JSON.parse(JSON.stringify(value)) as Json));

/** A field without its secrets: values of headers and variables, keys and queries of URLs. */
function mask(field: string, value: unknown): Json {
  if (value === undefined || value === null) return null;
  if (field === 'openapi.document') return `(${typeof value === 'string' ? value.length : 0} characters)`;
  if (/^(headers|env)\./.test(field) || field === 'tls.key') return SECRET;
  if (field === 'headers' || field === 'env')
    return Object.fromEntries(Object.keys(value).map((name) => [name, SECRET]));
  if (field === 'instances' && Array.isArray(value))
    return (value as { url: string }[]).map((one) => ({ ...one, url: one.url.replace(/\?.+/, `?${SECRET}`) }));
  if (field === 'keys' && Array.isArray(value))
    return (value as { sha256: string; label: string }[]).map(({ sha256, label }) =>
      `${sha256.slice(0, 8)}… ${label}`.trim(),
    );
  return asJson(value);
}

function compare(field: string, before: unknown, after: unknown): FieldChange[] {
  if (isDeepStrictEqual(asJson(before), asJson(after))) return [];
  if (NESTED.has(field) && isRecord(before) && isRecord(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return names.flatMap((name) => compare(`${field}.${name}`, ownMember(before, name), ownMember(after, name)));
  }
  return [{ field, before: mask(field, before), after: mask(field, after) }];
}

/** What differs between two objects, secrets masked. */
export function compareFields(before: object, after: object): FieldChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => compare(name, ownMember(before as Fields, name), ownMember(after as Fields, name)));
}
