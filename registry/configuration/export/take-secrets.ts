import type { ConfigExport } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';

/** A secret and where it belongs. */
export type Secret = [path: (string | number)[], value: string];

type Node = Record<string | number, unknown>;

function listSecrets(document: ConfigExport): Secret[] {
  const found: Secret[] = [];
  for (const [path, server] of Object.entries(document.servers)) {
    for (const name of ['headers', 'env'] as const)
      for (const [member, value] of Object.entries(server[name] ?? {}))
        found.push([['servers', path, name, member], value]);
    for (const [index, { url }] of (server.instances ?? []).entries())
      if (url.includes('?')) found.push([['servers', path, 'instances', index, 'url'], url]);
    if (typeof server.tls?.key === 'string') found.push([['servers', path, 'tls', 'key'], server.tls.key]);
  }
  for (const [name, { passwordHash }] of Object.entries(document.users))
    if (passwordHash !== undefined) found.push([['users', name, 'passwordHash'], passwordHash]);
  return found;
}

/** Where secrets may be. Other places that an export names are refused, since its author could choose any. */
const PLACES = [
  'servers.*.headers.*',
  'servers.*.env.*',
  'servers.*.instances.*.url',
  'servers.*.tls.key',
  'users.*.passwordHash',
];

const isPlace = (path: Secret[0]): boolean =>
  PLACES.some((place) => {
    const steps = place.split('.');
    return steps.length === path.length && steps.every((step, at) => step === '*' || step === path[at]);
  });

/** The object or list that contains the secret. `creates`: missing members on the path are created. Undefined: there is none. */
function parentOf(document: object, path: Secret[0], creates: boolean): Node | undefined {
  let node: unknown = document;
  for (const [at, step] of path.slice(0, -1).entries()) {
    if (typeof node !== 'object' || node === null) return undefined;
    // A server or user itself is never created here: without its other fields a secret is useless.
    if (creates && at === 2 && !Object.hasOwn(node, step)) setMember(node, step, {});
    node = Object.hasOwn(node, step) ? (node as Node)[step] : undefined;
  }
  return typeof node === 'object' && node !== null ? (node as Node) : undefined;
}

/** Sets a member of the object itself, regardless of its name (`__proto__` is a name like any other). */
function setMember(node: object, name: string | number, value: unknown): void {
  Object.defineProperty(node, name, { value, writable: true, enumerable: true, configurable: true });
}

/** Removes every secret from an export, in place, and returns them. URLs remain without their query. */
export function takeSecrets(document: ConfigExport): Secret[] {
  const secrets = listSecrets(document);
  for (const [path, value] of secrets) {
    const [node, name] = [parentOf(document, path, false) ?? {}, path.at(-1) ?? ''];
    if (name === 'url') setMember(node, name, value.replace(/\?.*$/s, ''));
    else Reflect.deleteProperty(node, name);
  }
  return secrets;
}

/** Puts secrets back where they were taken from. Throws RegistryError `invalid` naming a place where no secret can be. */
export function putSecrets(document: object, secrets: readonly Secret[]): void {
  for (const [path, value] of secrets) {
    const parent = isPlace(path) ? parentOf(document, path, true) : undefined;
    if (parent === undefined) {
      const errors = [
        { field: path.join('.').slice(0, 200), message: 'the sealed secrets name a place that is not in the export' },
      ];
      throw new RegistryError('invalid', `${errors[0]?.field}: ${errors[0]?.message}`, { errors });
    }
    setMember(parent, path.at(-1) ?? '', value);
  }
}
