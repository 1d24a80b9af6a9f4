import type { DocumentPath } from '../problem.ts';

/** Source of variables and files. */
export interface References {
  variable(name: string): string | undefined;
  /** The content of a file that a `file:` reference names, as written. Throws an error with the reason. */
  readFile(name: string): string;
}

interface Expanded {
  value: unknown;
  problems: { path: DocumentPath; message: string }[];
  /** Paths of texts that consist of a single reference: these may be converted to a number or a boolean. */
  wholes: ReadonlySet<string>;
  /** Files named by `file:` references. */
  files: string[];
}

const VARIABLE = /^(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^]*))?$/;
const MAX_DEPTH = 8;

/** Index of the `}` that closes the reference whose content begins at `from`, nested references included; -1: none. */
function findEnd(text: string, from: number): number {
  let open = 1;
  for (let at = from; at < text.length; at += 1)
    if (text.startsWith('${', at)) {
      open += 1;
      at += 1;
    } else if (text[at] === '}' && (open -= 1) === 0) return at;
  return -1;
}

/** Members whose values may be read from files: secrets and certificates. */
const FILE_MEMBERS = new Set(['headers', 'http_headers', 'env', 'tls', 'settings']);

function mayBeFile(path: DocumentPath): boolean {
  return FILE_MEMBERS.has(String(path.at(-2))) || (path.at(-1) === 'key' && path.includes('keys'));
}

/**
 * Expands references everywhere in a value: `${VAR}`, `${VAR:-default}` (also when VAR is empty; a default may contain references), `${env:VAR}` as clients write it, and `file:name`
 * for secrets. `$${` is a literal `${`. In the environment of a program `${file:/path}` is left as it is: the bridge reads it at each start.
 */
export function expandReferences(written: unknown, references: References): Expanded {
  const problems: Expanded['problems'] = [];
  const wholes = new Set<string>();
  const files: string[] = [];

  /** Resolves the content of `${…}`; `depth` counts nested defaults. */
  function readReference(inner: string, path: DocumentPath, depth: number): string {
    const problem = (message: string): string => {
      problems.push({ path, message });
      return '';
    };
    if (inner === 'userHome') return references.variable('HOME') ?? '';
    const [, name, fallback] = VARIABLE.exec(inner) ?? [];
    if (name === undefined)
      return problem(
        `\${${inner}} is not a variable reference; use \${NAME} or \${NAME:-default}, and $\${ for a literal \${`,
      );
    const value = references.variable(name);
    if (value !== undefined && !(value === '' && fallback !== undefined)) return value;
    if (fallback === undefined)
      return problem(`the variable ${name} is not set; set it, or provide a default: \${${name}:-…}`);
    if (depth === MAX_DEPTH) return problem(`\${${name}:-…} has defaults nested deeper than ${MAX_DEPTH} levels`);
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
    // Only in the written text, not in the value of a variable: that is a secret, not a file name.
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

/** Escapes a text so that `expandReferences` returns it unchanged. */
export function escapeReferences(text: string): string {
  return text.replaceAll('${', '$${');
}
