import type { DocumentPath } from '../problem.ts';

/** Where variables and files come from. */
export interface References {
  variable(name: string): string | undefined;
  /** The content of a file that a `file:` reference names, as written. Throws with what is wrong. */
  readFile(name: string): string;
}

interface Expanded {
  value: unknown;
  problems: { path: DocumentPath; message: string }[];
  /** Texts that are one reference and nothing else: they may stand for a number, or for true or false. */
  wholes: ReadonlySet<string>;
  /** Files that were named. */
  files: string[];
}

const VARIABLE = /^(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^]*))?$/;
const MAX_DEPTH = 8;

/** Where the `}` stands that ends a reference whose content begins at `from`, references inside counted; -1: nowhere. */
function findEnd(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length; at += 1)
    if (text.startsWith('${', at)) {
      open += 1;
      at += 1;
    } else if (text[at] === '}' && (open -= 1) === 0) return at;
  return -1;
}

/** Members whose values may be in files of their own: secrets and certificates. */
const FILE_MEMBERS = new Set(['headers', 'http_headers', 'env', 'tls', 'settings']);

function mayBeFile(path: DocumentPath): boolean {
  return FILE_MEMBERS.has(String(path.at(-2))) || (path.at(-1) === 'key' && path.includes('keys'));
}

/**
 * Reads references everywhere in a value: `${VAR}`, `${VAR:-default}` (also when VAR is empty; a default may have references too), `${env:VAR}` as clients write it, and `file:name`
 * where secrets stand. `$${` is a literal `${`. In the environment of a program `${file:/path}` stays: the bridge reads it at each start.
 */
export function expandReferences(written: unknown, references: References): Expanded {
  const problems: Expanded['problems'] = [];
  const wholes = new Set<string>();
  const files: string[] = [];

  /** Reads what stands in `${…}`; `depth` counts defaults within defaults. */
  function readReference(inner: string, path: DocumentPath, depth: number): string {
    const problem = (message: string): string => {
      problems.push({ path, message });
      return '';
    };
    if (inner === 'userHome') return references.variable('HOME') ?? '';
    const [, name, fallback] = VARIABLE.exec(inner) ?? [];
    if (name === undefined)
      return problem(
        `\${${inner}} is no reference to a variable; use \${NAME} or \${NAME:-default}, and $\${ for a literal \${`,
      );
    const value = references.variable(name);
    if (value !== undefined && !(value === '' && fallback !== undefined)) return value;
    if (fallback === undefined)
      return problem(`the variable ${name} is not set; set it, or write a default: \${${name}:-…}`);
    if (depth === MAX_DEPTH) return problem(`\${${name}:-…} has defaults in more than ${MAX_DEPTH} defaults`);
    return readReferences(fallback, path, depth + 1);
  }

  function readReferences(text: string, path: DocumentPath, depth: number): string {
    let expanded = '';
    let from = 0;
    for (let at = text.indexOf('${'); at !== -1; at = text.indexOf('${', from)) {
      if (text[at - 1] === '$' && at > from) {
        expanded += `${text.slice(from, at - 1)}\${`;
        from = at + 2;
        continue;
      }
      const end = findEnd(text, at + 2);
      if (end === -1) {
        problems.push({ path, message: 'a ${ has no } after it; $${ is a literal ${' });
        return '';
      }
      const inner = text.slice(at + 2, end);
      const isOfBridge = inner.startsWith('file:') && path.at(-2) === 'env';
      expanded += text.slice(from, at) + (isOfBridge ? text.slice(at, end + 1) : readReference(inner, path, depth));
      from = end + 1;
    }
    return expanded + text.slice(from);
  }

  function expandText(text: string, path: DocumentPath): string {
    const isWhole = text.startsWith('${') && findEnd(text, 2) === text.length - 1;
    const expanded = readReferences(text, path, 0);
    if (isWhole) wholes.add(path.join('\0'));
    // Not where a variable says so: its value is a secret, not a name.
    if (!text.startsWith('file:') || !mayBeFile(path)) return expanded;
    const name = expanded.slice('file:'.length);
    files.push(name);
    try {
      return references.readFile(name).replace(/\r?\n$/, '');
    } catch (error) {
      problems.push({ path, message: `file:${name}: ${(error as Error).message}` });
      return '';
    }
  }

  function expand(value: unknown, path: DocumentPath): unknown {
    if (typeof value === 'string') return expandText(value, path);
    if (Array.isArray(value)) return value.map((item, index) => expand(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, expand(member, [...path, name])]));
  }

  return { value: expand(written, []), problems, wholes, files };
}

/** A text in which nothing is a reference: what `expandReferences` gives back as it was. */
export function escapeReferences(text: string): string {
  return text.replaceAll('${', '$${');
}
