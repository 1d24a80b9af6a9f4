import { Validator } from '@cfworker/json-schema';
import { expect } from 'vitest';

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: object;
}

/** Finds the described path that a URL belongs to: literal segments win over parameters. */
function findPath(document: Document, url: string): string | undefined {
  const path = new URL(url).pathname;
  const fits = Object.keys(document.paths).filter((described) =>
    new RegExp(`^${described.replace(/\/toggle\/\{path\}/, '/toggle/.+').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path),
  );
  return fits.sort((a, b) => a.split('{').length - b.split('{').length)[0];
}

/** Checks a response against the OpenAPI document, which must describe its status, type and shape. */
export function expectAsDescribed(
  document: object,
  method: string,
  url: string,
  status: number,
  type: string,
  body: string,
): void {
  const { paths, components } = document as Document;
  const path = findPath(document as Document, url);
  if (path === undefined) return;
  const operation = paths[path]?.[method.toLowerCase()];
  if (operation === undefined) return; // 405 and the like are tested separately
  const described = operation.responses[String(status)] ?? (status >= 400 ? operation.responses['default'] : undefined);
  expect(described, `${method} ${path} answered ${status}, which is not described`).toBeDefined();
  const [expectedType, content] = Object.entries(described?.content ?? {})[0] ?? [];
  if (content === undefined) {
    expect(body, `${method} ${path} ${status} has a body`).toBe('');
    return;
  }
  expect(type).toContain(expectedType);
  if (!expectedType?.endsWith('json')) return;
  const validator = new Validator({ ...content.schema, components }, '2020-12', false);
  const result = validator.validate(JSON.parse(body));
  expect(result.errors, `${method} ${path} ${status}: ${body.slice(0, 500)}`).toEqual([]);
}
