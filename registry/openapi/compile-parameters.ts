import { FORBIDDEN_HEADERS, type ApiParameter } from '../contract/index.ts';
import { shorten, textOf, type Document, type Json } from './document.ts';
import { inlineSchema } from './schema/inline-schema.ts';

/** A parameter with the schema of its argument. */
export interface CompiledParameter {
  parameter: ApiParameter;
  schema: Json;
  isRequired: boolean;
}

const STYLES = ['simple', 'label', 'matrix', 'form', 'spaceDelimited', 'pipeDelimited', 'deepObject'] as const;
const PLACES = ['path', 'query', 'header', 'cookie'] as const;
const DEFAULT_STYLES = { path: 'simple', query: 'form', header: 'simple', cookie: 'form' } as const;
/** Headers that a description may define and OpenAPI requires to ignore; credentials are the server's. */
const IGNORED = ['accept', 'content-type', 'authorization'];
const MAX_LENGTH = 4_000;

const isOneOf = <Name extends string>(names: readonly Name[], value: unknown): value is Name =>
  (names as readonly unknown[]).includes(value);

/** A name of an argument that every client accepts. */
export function nameArgument(name: string, taken: ReadonlySet<string>, place: string): string {
  const plain =
    name
      .replace(/[^A-Za-z0-9_.-]/g, '_')
      .replace(/^_+(?=.)|(?<=.)_+$/g, '')
      .slice(0, 56) || 'value';
  if (!taken.has(plain)) return plain;
  const placed = `${plain}_${place}`;
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? placed : `${placed}${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** Parameters of the operation, which override those of its path, each once. */
function listDeclared(document: Document, pathItem: Json, operation: Json): Json[] {
  const byKey = new Map<string, Json>();
  for (const { parameters } of [pathItem, operation] as { parameters?: unknown }[])
    for (const written of Array.isArray(parameters) ? (parameters as unknown[]) : []) {
      const found = document.follow(written);
      if (found !== undefined) byKey.set(`${textOf(found['in'])} ${textOf(found['name'])}`, found);
    }
  return [...byKey.values()];
}

/** The parameters that the description defines as API keys: the server's credentials are sent there, and no argument. */
function listKeys({ root, follow }: Document): Set<string> {
  const schemes = follow(follow(root['components'])?.['securitySchemes']) ?? {};
  const keys = Object.values(schemes).flatMap((written) => {
    const scheme = follow(written);
    return scheme?.['type'] === 'apiKey' ? [`${textOf(scheme['in'])} ${textOf(scheme['name'])}`] : [];
  });
  return new Set(keys);
}

/** The parameters of an operation; `taken` are names of arguments that are in use. */
export function compileParameters(
  document: Document,
  { path, pathItem, operation }: { path: string; pathItem: Json; operation: Json },
  taken: Set<string>,
): CompiledParameter[] {
  const keys = listKeys(document);
  const declared = listDeclared(document, pathItem, operation).filter(
    (entry) => !keys.has(`${textOf(entry['in'])} ${textOf(entry['name'])}`),
  );
  const inPath = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
  for (const name of inPath)
    if (!declared.some((entry) => entry['in'] === 'path' && entry['name'] === name))
      declared.push({ in: 'path', name, required: true, schema: { type: 'string' } });
  return declared.flatMap((entry): CompiledParameter[] => {
    const [place, name] = [entry['in'], textOf(entry['name'])];
    if (!isOneOf(PLACES, place) || name === '' || (place === 'path' && !inPath.includes(name))) return [];
    const lower = name.toLowerCase();
    if (place === 'header' && (IGNORED.includes(lower) || FORBIDDEN_HEADERS.includes(lower))) return [];
    if (place === 'header' && !/^[A-Za-z0-9!#%&*+.^_|~-]+$/.test(name)) return [];
    const content = Object.values((entry['content'] ?? {}) as Json)[0];
    const isJson = content !== undefined;
    const schema = inlineSchema(document, isJson ? document.follow(content)?.['schema'] : entry['schema'], MAX_LENGTH);
    const description = shorten(entry['description'], 400) || schema['description'];
    const style = isOneOf(STYLES, entry['style']) ? entry['style'] : DEFAULT_STYLES[place];
    const argument = nameArgument(name, taken, place);
    taken.add(argument);
    return [
      {
        parameter: {
          ...{ argument, name, in: place, style, isJson },
          explode: typeof entry['explode'] === 'boolean' ? entry['explode'] : style === 'form',
          allowReserved: entry['allowReserved'] === true,
        },
        schema: { ...schema, ...(description !== undefined && description !== '' && { description }) },
        isRequired: place === 'path' || entry['required'] === true,
      },
    ];
  });
}
