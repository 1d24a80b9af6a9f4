import { isMap, isScalar, isSeq, parseDocument, type Document, type Node } from 'yaml';
import { ConfigError, type DocumentPath } from '../problem.ts';
import { createLineCounter, type Parsed } from './parsed.ts';

/** Offset of a member's name or of an item, else of its nearest existing parent; null: no part of the path exists. */
function findOffset(document: Document.Parsed, path: DocumentPath): number | null {
  let node: unknown = document.contents;
  let offset: number | null = null;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
      if (pair === undefined) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)] as Node | undefined;
      if (item === undefined) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else break;
  }
  return offset;
}

function explain(code: string, message: string, around: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here (---); only one is allowed in a file';
  if (/call stack/i.test(message)) return 'it is nested too deeply';
  if (code === 'DUPLICATE_KEY') return 'this name occurs twice here';
  if (around === '${') return 'a value with ${…} inside { } or [ ] needs quotes: "${NAME}"';
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

/** Parses YAML 1.2, merge keys (`<<`) included. Throws ConfigError, also for custom tags. */
export function parseYaml(file: string, text: string): Parsed {
  const toPosition = createLineCounter(text);
  const document = parseDocument(text, { prettyErrors: false, merge: true });
  const [first] = document.errors;
  // Later errors are mostly consequences of the first syntax error.
  const found =
    first !== undefined && first.code !== 'DUPLICATE_KEY' ? [first] : [...document.errors, ...document.warnings];
  const problems = found.map(({ code, message, pos }) => ({
    field: '',
    message: explain(code, message, text.slice(pos[0] - 1, pos[0] + 1)),
    ...toPosition(pos[0]),
  }));
  if (problems.length > 0) throw new ConfigError(file, problems.slice(0, 20));
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (error) {
    throw new ConfigError(file, [{ field: '', message: explain('', (error as Error).message, '') }]);
  }
  return {
    value,
    locate: (path) => {
      const offset = findOffset(document, path);
      return offset === null ? null : toPosition(offset);
    },
  };
}
