import {
  MANAGEMENT_PATH,
  PROGRAM_FIELDS,
  type InstanceInput,
  type ServerPatch,
  type Transport,
} from '../../contract/index.ts';
import { RegistryError, type FieldError } from '../../lib/errors.ts';
import type { StoredServer } from '../../store/index.ts';
import type { ServersDeps } from '../servers-deps.ts';
import { splitQuery } from './place-instances.ts';

/** Throws `conflict`, naming the server that has the path already. */
export function rejectTaken(path: string, there: StoredServer | undefined): void {
  if (there === undefined) return;
  throw new RegistryError('conflict', `path: "${path}" belongs to the server "${there.name}" already`, {
    hint: `Choose another path, change that server (PATCH /api/servers/${encodeURIComponent(path)}), or remove it first.`,
    errors: [{ field: 'path', message: `"${path}" is taken by "${there.name}" (id ${there.id})` }],
  });
}

/** Throws `forbidden` for what only the registry itself does to its own management server. */
export function rejectBuiltIn(path: string, what: string): void {
  if (path !== MANAGEMENT_PATH) return;
  throw new RegistryError(
    'forbidden',
    `path: "${MANAGEMENT_PATH}" is the built-in management server; it cannot be ${what}`,
    {
      hint: `Choose another path. Who may use "${MANAGEMENT_PATH}" is decided by a grant that names it.`,
    },
  );
}

/** Throws `invalid` for a transport that cannot be routed. */
export function rejectTransport(transport: Transport): void {
  if (transport !== 'docker') return;
  throw new RegistryError('invalid', 'transport: "docker" is not supported by this version', {
    errors: [{ field: 'transport', message: 'use "stdio", "auto", "streamable-http" or "sse"' }],
    hint: 'Register it with transport "stdio", command "docker" and the arguments "run", "--rm", "-i" and the image.',
  });
}

/** Throws `forbidden` where servers may not be programs. */
export function rejectPrograms({ allowsPrograms }: Pick<ServersDeps, 'allowsPrograms'>): void {
  if (allowsPrograms) return;
  throw new RegistryError('forbidden', 'command: this gateway runs no programs', {
    hint: 'Set STDIO_COMMANDS=allow and restart the gateway, or start the server yourself and register its URL.',
  });
}

const URL_FIELDS = ['instances', 'transport'] as const;

/** Throws `invalid` for a patch that would make a program of a server at a URL, or the other way round. */
export function rejectOtherKind({ path, program }: StoredServer, patch: ServerPatch): void {
  const fields: readonly (keyof ServerPatch)[] = program === null ? PROGRAM_FIELDS : URL_FIELDS;
  const field = fields.find((name) => patch[name] !== undefined);
  if (field === undefined || (field === 'transport' && patch.transport === 'stdio')) return;
  const kind = program === null ? 'is at a URL' : 'is a program';
  throw new RegistryError('invalid', `${field}: "${path}" ${kind}, and that cannot be changed`, {
    errors: [{ field, message: `"${path}" ${kind}` }],
    hint: 'Register another server, or remove this one and register it again.',
  });
}

/** Throws `invalid` naming each instance whose address may not be a backend, or that is written twice. */
export async function validateInstances(deps: ServersDeps, instances: readonly InstanceInput[]): Promise<void> {
  const urls = instances.map(({ url }) => splitQuery(url).url);
  const errors: FieldError[] = [];
  const reasons = await Promise.all(urls.map((url) => deps.explainUrl(url)));
  reasons.forEach((reason, index) => {
    if (reason !== null) errors.push({ field: `instances.${index}.url`, message: reason });
    else if (urls.indexOf(urls[index] ?? '') !== index)
      errors.push({
        field: `instances.${index}.url`,
        message: 'this URL is an instance of this server already; raise its weight instead',
      });
  });
  if (errors.length === 0) return;
  throw new RegistryError('invalid', errors.map(({ field, message }) => `${field}: ${message}`).join('; '), {
    errors,
    hint: 'Register the address of the MCP server itself. An address that is refused on purpose can be allowed with UPSTREAM_ALLOW.',
  });
}
