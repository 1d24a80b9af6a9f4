import { createHash } from 'node:crypto';

const MAX_NAME = 64;
const HASH_LENGTH = 6;

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);

/** The name that an operation suggests. */
function suggest({ operationId, method, path }: Operation): string {
  const written = operationId === '' ? `${method}${path}` : operationId;
  const plain = written.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^_+|_+$/g, '');
  return plain === '' ? method : plain;
}

interface Operation {
  operationId: string;
  method: string;
  path: string;
}

/**
 * Names of tools, one for each operation, of at most 64 characters. A name depends on nothing but its own operation, and on whether another one
 * suggests the same: then each of them ends with a hash of its method and path.
 */
export function nameTools(operations: readonly Operation[]): string[] {
  const cut = operations.map((operation) => {
    const name = suggest(operation);
    const end = `_${hash(`${operation.method} ${operation.path}`)}`;
    return { name: name.length <= MAX_NAME ? name : name.slice(0, MAX_NAME - end.length) + end, end };
  });
  const counts = new Map<string, number>();
  for (const { name } of cut) counts.set(name.toLowerCase(), (counts.get(name.toLowerCase()) ?? 0) + 1);
  return cut.map(({ name, end }) =>
    counts.get(name.toLowerCase()) === 1 ? name : name.slice(0, MAX_NAME - end.length) + end,
  );
}
