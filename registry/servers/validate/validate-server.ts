import {
  COOKIE_REFUSED,
  isAdapted,
  isCookie,
  isWebSocketUrl,
  kindOfServer,
  MANAGEMENT_PATH,
  PROGRAM_FIELDS,
  type InstanceInput,
  type Reached,
  type ServerPatch,
  type Transport,
} from '../../contract/index.ts';
import { RegistryError, type FieldError } from '../../lib/errors.ts';
import type { StoredServer } from '../../store/index.ts';
import type { ServersDeps } from '../servers-deps.ts';
import { splitQuery } from '../change/place-instances.ts';

/** Throws `conflict`, naming the server that already has the path. */
export function rejectTaken(path: string, existing: StoredServer | undefined): void {
  if (existing === undefined) return;
  throw new RegistryError('conflict', `path: "${path}" already belongs to the server "${existing.name}"`, {
    hint: `Choose another path, change that server (PATCH /api/servers/${encodeURIComponent(path)}), or remove it first.`,
    errors: [{ field: 'path', message: `"${path}" is taken by "${existing.name}" (id ${existing.id})` }],
  });
}

/** Throws `forbidden` for changes that only the registry itself makes to its own management server. */
export function rejectBuiltIn(path: string, what: string): void {
  if (path !== MANAGEMENT_PATH) return;
  throw new RegistryError(
    'forbidden',
    `path: "${MANAGEMENT_PATH}" is the built-in management server; it cannot be ${what}`,
    {
      hint: `Choose another path. Access to "${MANAGEMENT_PATH}" requires a grant that names it.`,
    },
  );
}

/** Throws `invalid` for a transport that cannot be routed. */
export function rejectTransport(transport: Transport): void {
  if (transport !== 'docker') return;
  throw new RegistryError('invalid', 'transport: a server in a container is stored with the transport "stdio"', {
    errors: [
      { field: 'transport', message: 'a server in a container has the transport "stdio" once it is registered' },
    ],
    hint: 'Change "command" and "args", or register another server with "transport": "docker".',
  });
}

/** Throws `forbidden` if servers may not be programs. */
export function rejectPrograms({ allowsPrograms }: Pick<ServersDeps, 'allowsPrograms'>): void {
  if (allowsPrograms) return;
  throw new RegistryError('forbidden', 'command: this gateway runs no programs', {
    hint: 'Set STDIO_COMMANDS=allow and restart the gateway, or start the server yourself and register its URL.',
  });
}

/** Fields that depend on the kind of a server: each kind has only those listed for it. */
const FIELDS_OF_KIND: Record<string, readonly (keyof ServerPatch)[]> = {
  url: ['instances', 'adapt'],
  websocket: ['instances'],
  stdio: PROGRAM_FIELDS,
  virtual: ['tools'],
  openapi: ['openapi', 'instances'],
};
const KINDS: Record<string, string> = {
  url: 'is at a URL',
  websocket: 'is a WebSocket server',
  stdio: 'is a program',
  virtual: 'is a virtual server',
  openapi: 'is a REST API',
};

/** Throws `invalid` for a patch that would change the kind of a server, for example from a URL to a program. */
export function rejectOtherKind({ path, transport }: StoredServer, patch: ServerPatch): void {
  const own = kindOfServer(transport);
  const others = Object.entries(FIELDS_OF_KIND)
    .flatMap(([name, fields]) => (name === own ? [] : fields))
    .filter((name) => !FIELDS_OF_KIND[own]?.includes(name));
  const isOther = patch.transport !== undefined && kindOfServer(patch.transport) !== own;
  const field = isOther ? 'transport' : others.find((name) => patch[name] !== undefined);
  if (field === undefined) return;
  const kind = KINDS[own] ?? `has the transport "${own}"`;
  throw new RegistryError('invalid', `${field}: "${path}" ${kind}, and that cannot be changed`, {
    errors: [{ field, message: `"${path}" ${kind}` }],
    hint: 'Register another server, or remove this one and register it again.',
  });
}

/** Throws `invalid` for a cookie as the credential of a server that is not a REST API. */
export function rejectCookie({ transport }: StoredServer, { headers = {} }: ServerPatch): void {
  if (transport === 'openapi' || !Object.entries(headers).some(([name, value]) => isCookie(name) && value !== null))
    return;
  throw new RegistryError('invalid', `headers: ${COOKIE_REFUSED}`, {
    errors: [{ field: 'headers', message: COOKIE_REFUSED }],
  });
}

/** Throws `invalid` for instances that a server, as changed by a patch, cannot have. */
export function rejectUnadaptable(server: Reached, instances: readonly Pick<InstanceInput, 'url'>[]): void {
  const overWebSocket = server.transport === 'websocket';
  const errors: FieldError[] = [];
  instances.forEach(({ url }, index) => {
    if (isWebSocketUrl(url) !== overWebSocket)
      errors.push({
        field: `instances.${index}.url`,
        message: overWebSocket
          ? 'this is a WebSocket server; its URL begins with ws:// or wss://'
          : 'a WebSocket server is registered separately, with "transport": "websocket"',
      });
  });
  if (isAdapted(server) && instances.length > 1)
    errors.push({ field: 'instances', message: 'a server that the bridge adapts has one instance' });
  if (errors.length === 0) return;
  throw new RegistryError('invalid', errors.map(({ field, message }) => `${field}: ${message}`).join('; '), {
    errors,
    hint: 'Give one URL, or leave "adapt" off and let NGINX balance over the instances.',
  });
}

/** Throws `invalid` naming each instance whose address may not be a backend, or that is listed twice. */
export async function validateInstances(deps: ServersDeps, instances: readonly InstanceInput[]): Promise<void> {
  const urls = instances.map(({ url }) => splitQuery(url).url);
  const errors: FieldError[] = [];
  const reasons = await Promise.all(urls.map((url) => deps.explainUrl(url)));
  reasons.forEach((reason, index) => {
    if (reason !== null) errors.push({ field: `instances.${index}.url`, message: reason });
    else if (urls.indexOf(urls[index] ?? '') !== index)
      errors.push({
        field: `instances.${index}.url`,
        message: 'this URL is already an instance of this server; raise its weight instead',
      });
  });
  if (errors.length === 0) return;
  throw new RegistryError('invalid', errors.map(({ field, message }) => `${field}: ${message}`).join('; '), {
    errors,
    hint: 'Register the address of the MCP server itself. An address that is refused on purpose can be allowed with UPSTREAM_ALLOW.',
  });
}
