import { serverInput, type ConfigInput } from '@mcpgw/registry/contract';
import type { z } from 'zod';
import type { DocumentPath } from './problem.ts';

interface Typed {
  value: unknown;
  problems: { path: DocumentPath; message: string }[];
}

function listIssues(issues: readonly z.core.$ZodIssue[]): Typed['problems'] {
  return issues.flatMap((issue) => {
    const path = issue.path as (string | number)[];
    if (issue.code === 'unrecognized_keys') {
      const message = path[0] === 'settings' ? 'there is no setting of this name' : 'there is no such field';
      return issue.keys.map((key) => ({ path: [...path, key], message }));
    }
    if (issue.code === 'invalid_key' && path[0] === 'settings')
      return [{ path, message: 'there is no setting of this name' }];
    if (issue.code === 'invalid_key') return listIssues(issue.issues.map((inner) => ({ ...inner, path })));
    if (issue.code === 'invalid_type') return [{ path, message: explainType(issue) }];
    return [{ path, message: issue.message }];
  });
}

const KINDS: Partial<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with members',
  record: 'an object with members',
};

/** Rewords a type error of zod in terms of a configuration file. */
function explainType({ expected, message }: z.core.$ZodIssueInvalidType): string {
  const kind = KINDS[expected];
  const received = /received (\w+)/.exec(message)?.[1];
  if (kind === undefined) return message;
  if (received === 'undefined') return `${kind} is missing here`;
  if (expected === 'string' && (received === 'number' || received === 'boolean'))
    return 'this must be a text: put it in quotes';
  return `this must be ${kind}`;
}

function readScalar(text: string): unknown {
  if (text === 'true') return true;
  if (text === 'false') return false;
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

function convert(value: unknown, path: DocumentPath, paths: readonly string[]): unknown {
  if (typeof value === 'string') return paths.includes(path.join('\0')) ? readScalar(value) : value;
  if (Array.isArray(value)) return value.map((item, index) => convert(item, [...path, index], paths));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, convert(member, [...path, name], paths)]),
  );
}

/**
 * Validates a document against its schema, and each server against the rules for registration. Where a number or a boolean is required, a text
 * that consists of a single reference is converted. `value` is as written: no defaults are added.
 */
export function readTypes(schema: z.ZodType, document: object, isReference: (path: DocumentPath) => boolean): Typed {
  let value: unknown = document;
  let parsed = schema.safeParse(value);
  if (!parsed.success) {
    const texts = parsed.error.issues
      .filter(({ code, path }) => code === 'invalid_type' && isReference(path as DocumentPath))
      .map(({ path }) => path.join('\0'));
    if (texts.length > 0) {
      value = convert(document, [], texts);
      parsed = schema.safeParse(value);
    }
  }
  if (!parsed.success) return { value, problems: listIssues(parsed.error.issues) };
  const servers = Object.entries((value as ConfigInput).servers ?? {});
  const problems = servers.flatMap(([path, server]) => {
    const { limits: _, ...fields } = server;
    const read = serverInput.safeParse({ path, ...fields });
    if (read.success) return [];
    return listIssues(read.error.issues).map(({ path: [first, ...rest], message }) => ({
      path: first === 'path' ? ['servers', path] : ['servers', path, ...(first === undefined ? [] : [first]), ...rest],
      message,
    }));
  });
  return { value, problems };
}
