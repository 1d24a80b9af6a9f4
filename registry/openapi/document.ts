import { isRecord } from '../contract/index.ts';
import { RegistryError } from '../lib/errors.ts';

export type Json = Record<string, unknown>;

/** The parsed document; only the parts that are read are checked, and an error in one operation does not affect the others. */
export interface Document {
  root: Json;
  /** The value if it is an object, or the object that its local `$ref` refers to, across several references; undefined: there is none. */
  follow: (value: unknown) => Json | undefined;
  /** The value at a pointer (`#/components/schemas/Pet`), without following references. */
  find: (pointer: string) => unknown;
}

const MAX_STEPS = 16;

export const invalidDescription = (message: string, hint?: string): RegistryError =>
  new RegistryError('invalid', `openapi: ${message}`, {
    errors: [{ field: 'openapi', message }],
    ...(hint !== undefined && { hint }),
  });

/** Resolves references within the document (RFC 6901); files and other addresses are never read. */
export function createDocument(root: Json): Document {
  function find(pointer: string): unknown {
    if (!pointer.startsWith('#/')) return undefined;
    let node: unknown = root;
    for (const step of pointer.slice(2).split('/')) {
      let name: string;
      try {
        name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
      } catch {
        return undefined;
      }
      if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
      node = (node as Json)[name];
    }
    return node;
  }
  function follow(value: unknown): Json | undefined {
    let node = value;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      if (!isRecord(node)) return undefined;
      if (typeof node['$ref'] !== 'string') return node;
      node = find(node['$ref']);
    }
    return undefined;
  }
  return { root, find, follow };
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Text without HTML, in at most `max` characters. */
export function shorten(value: unknown, max: number): string {
  const text = textOf(value)
    .replace(/<\/?[A-Za-z][^<>]{0,500}>/g, '')
    .trim();
  return text.length <= max ? text : `${text.slice(0, max - 1).trimEnd()}…`;
}
