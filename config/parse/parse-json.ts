import { getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { ConfigError, writeField, type ConfigProblem, type DocumentPath } from '../problem.ts';
import { createLineCounter, type Parsed } from './parsed.ts';

const WORDS: Partial<Record<string, string>> = {
  InvalidSymbol: 'this is not a JSON value',
  PropertyNameExpected: 'a name in double quotes is missing',
  ValueExpected: 'a value is missing',
  ColonExpected: 'a ":" is missing',
  CommaExpected: 'a "," is missing',
  CloseBraceExpected: 'a "}" is missing',
  CloseBracketExpected: 'a "]" is missing',
  EndOfFileExpected: 'something follows the end of the document',
  UnexpectedEndOfString: 'a double quote is missing at the end of this text',
};

function findMember(node: Node, name: string): Node | undefined {
  return node.children?.find((property) => property.children?.[0]?.value === name);
}

function findNode(tree: Node, path: DocumentPath): Node | null {
  let node: Node = tree;
  let found: Node | null = null;
  for (const step of path) {
    const next = typeof step === 'number' ? node.children?.[step] : findMember(node, step);
    if (next === undefined) break;
    found = next;
    node = next.type === 'property' ? (next.children?.[1] ?? next) : next;
  }
  return found;
}

function listDuplicates(node: Node, path: DocumentPath, found: [DocumentPath, Node][]): void {
  const seen = new Set<string>();
  for (const [index, child] of (node.children ?? []).entries()) {
    const name = child.type === 'property' ? String(child.children?.[0]?.value) : null;
    if (name !== null && seen.has(name)) found.push([[...path, name], child]);
    if (name !== null) seen.add(name);
    const value = name === null ? child : child.children?.[1];
    if (value?.children !== undefined) listDuplicates(value, [...path, name ?? index], found);
  }
}

/** Parses JSON with comments and trailing commas, as in editors' files. Throws ConfigError. */
export function parseJson(file: string, text: string): Parsed {
  const toPosition = createLineCounter(text);
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const describe = ({ error, offset }: ParseError): ConfigProblem => {
    const code = printParseErrorCode(error);
    return { field: '', message: WORDS[code] ?? `this is not JSON (${code})`, ...toPosition(offset) };
  };
  // Later errors are mostly consequences of the first.
  if (errors[0] !== undefined) throw new ConfigError(file, [describe(errors[0])]);
  if (tree === undefined) return { value: undefined, locate: () => null };
  const duplicates: [DocumentPath, Node][] = [];
  listDuplicates(tree, [], duplicates);
  if (duplicates.length > 0)
    throw new ConfigError(
      file,
      duplicates.map(([path, { offset }]) => ({
        field: writeField(path),
        message: 'this name occurs twice here',
        ...toPosition(offset),
      })),
    );
  return {
    value: getNodeValue(tree) as unknown,
    locate: (path) => {
      const node = findNode(tree, path);
      return node === null ? null : toPosition(node.offset);
    },
  };
}
