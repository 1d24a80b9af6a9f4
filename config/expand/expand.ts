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

const REFERENCE = /\$(\$?)\{([^}]*)\}/g;
const VARIABLE = /^(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^]*))?$/;

/** Members whose values may be in files of their own: secrets and certificates. */
const FILE_MEMBERS = new Set(['headers', 'http_headers', 'env', 'tls', 'settings']);

function mayBeFile(path: DocumentPath): boolean {
  return FILE_MEMBERS.has(String(path.at(-2))) || (path.at(-1) === 'key' && path.includes('keys'));
}

/**
 * Reads references everywhere in a value: `${VAR}`, `${VAR:-default}` (also when VAR is empty), `${env:VAR}` as clients write it, and `file:name`
 * where secrets stand. `$${` is a literal `${`. In the environment of a program `${file:/path}` stays: the bridge reads it at each start.
 */
export function expandReferences(written: unknown, references: References): Expanded {
  const problems: Expanded['problems'] = [];
  const wholes = new Set<string>();
  const files: string[] = [];

  function expandText(text: string, path: DocumentPath): string {
    let isWhole = false as boolean;
    const expanded = text.replace(REFERENCE, (whole, escaped: string, inner: string) => {
      if (escaped !== '') return whole.slice(1);
      if (inner.startsWith('file:') && path.at(-2) === 'env') return whole;
      const [, name, fallback] = VARIABLE.exec(inner) ?? [];
      if (inner === 'userHome') return references.variable('HOME') ?? '';
      const problem = (message: string): string => {
        problems.push({ path, message });
        return '';
      };
      if (name === undefined)
        return problem(
          `\${${inner}} is no reference to a variable; use \${NAME} or \${NAME:-default}, and $\${ for a literal \${`,
        );
      if (fallback?.includes('${') === true) return problem(`\${${inner}…} has a reference inside a reference`);
      const value = references.variable(name);
      isWhole ||= whole === text;
      if (value !== undefined && !(value === '' && fallback !== undefined)) return value;
      return fallback ?? problem(`the variable ${name} is not set; set it, or write a default: \${${name}:-…}`);
    });
    if (isWhole) wholes.add(path.join('\0'));
    if (!expanded.startsWith('file:') || !mayBeFile(path)) return expanded;
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
