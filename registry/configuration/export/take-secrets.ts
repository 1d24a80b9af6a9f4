import type { ConfigExport } from '../../contract/index.ts';

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

function parentOf(document: object, path: Secret[0]): Node {
  return path.slice(0, -1).reduce<Node>((node, step) => (node[step] ??= {}) as Node, document as Node);
}

/** Takes every secret out of an export, which is changed. URLs stay without their query. */
export function takeSecrets(document: ConfigExport): Secret[] {
  const secrets = listSecrets(document);
  for (const [path, value] of secrets) {
    const [node, name] = [parentOf(document, path), path.at(-1) ?? ''];
    if (name === 'url') node[name] = value.replace(/\?.*$/s, '');
    else Reflect.deleteProperty(node, name);
  }
  return secrets;
}

/** Puts secrets back where they were taken from. */
export function putSecrets(document: object, secrets: readonly Secret[]): void {
  for (const [path, value] of secrets) parentOf(document, path)[path.at(-1) ?? ''] = value;
}
