import { isDeepStrictEqual } from 'node:util';
import {
  confinement,
  isBridged,
  type ApiDescriptionView,
  type Confinement,
  type Program,
  type ServerPatch,
  type Timeouts,
} from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { StoredServer } from '../../store/index.ts';
import { INSTANCE_ID_LENGTH, createId } from '../create-id.ts';
import { mergeTls } from './merge-tls.ts';
import type { DescribedApi } from './describe-api.ts';
import { placeServer } from './place-at-bridge.ts';
import { assumeEndpoints } from './place-instances.ts';

/** The stored headers with a patch merged in: a value replaces (names are case-insensitive), null removes. */
export function mergeHeaders(
  before: Record<string, string>,
  patch: Record<string, string | null>,
): Record<string, string> {
  const named = new Map(Object.entries(before).map(([name, value]) => [name.toLowerCase(), [name, value] as const]));
  for (const [name, value] of Object.entries(patch))
    if (value === null) named.delete(name.toLowerCase());
    else named.set(name.toLowerCase(), [name, value]);
  return Object.fromEntries(named.values());
}

type Present<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

function dropAbsent<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>;
}

function mergeTimeouts(before: Timeouts, patch: ServerPatch['timeouts']): Timeouts {
  return {
    connectMs: patch?.connectMs ?? before.connectMs,
    readMs: patch?.readMs ?? before.readMs,
    sendMs: patch?.sendMs ?? before.sendMs,
  };
}

/** A server as it would be stored, with its credentials in plain text. */
export interface Draft {
  server: StoredServer;
  headers: Record<string, string>;
  env: Record<string, string>;
}

/** The stored environment with a patch merged in: a value replaces, null removes. */
function mergeEnv(before: Record<string, string>, patch: ServerPatch['env']): Record<string, string> {
  const merged = Object.entries({ ...before, ...patch });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
}

function mergeConfinement(before: Confinement | null, patch: ServerPatch['confinement']): Confinement | null {
  if (patch === undefined || patch === null) return patch === null ? null : before;
  const merged = confinement.safeParse({ ...before, ...dropAbsent(patch) });
  if (merged.success) return merged.data;
  const errors = merged.error.issues.map(({ path, message }) => ({
    field: ['confinement', ...path].join('.'),
    message,
  }));
  throw new RegistryError('invalid', errors.map(({ field, message }) => `${field}: ${message}`).join('; '), { errors });
}

function mergeProgram(before: Program | null, patch: ServerPatch): Program | null {
  if (before === null) return null;
  const { command, args, cwd, process } = patch;
  return {
    command: command ?? before.command,
    args: args ?? before.args,
    cwd: cwd === undefined ? before.cwd : cwd,
    process: { ...before.process, ...dropAbsent(process ?? {}) },
    confinement: mergeConfinement(before.confinement, patch.confinement),
  };
}

/** Once an operator sets the URL of an API, the description no longer determines it. */
const placeOpenapi = (openapi: ApiDescriptionView, requested: ServerPatch['instances']): ApiDescriptionView =>
  requested === undefined ? openapi : { ...openapi, serverFromDocument: false };

/** Whether a patch points a server at an origin (RFC 6454) for which its stored headers were not set. */
function addsOrigin(before: readonly { url: string }[], after: readonly { url: string }[]): boolean {
  const known = new Set(before.map(({ url }) => new URL(url).origin));
  return after.some(({ url }) => !known.has(new URL(url).origin));
}

/**
 * Applies a patch to a server: absent fields remain unchanged, instances with an unchanged URL keep their id. With a new origin the stored headers
 * are dropped, or a user who may change a URL could redirect them to their own server; `droppedHeaders` names those that the patch does not repeat.
 */
export function applyPatch(
  { server, headers, env }: Draft,
  patch: ServerPatch,
  described?: DescribedApi,
): Draft & { droppedHeaders: string[] } {
  const {
    instances: requested,
    openapi: _,
    headers: changes,
    timeouts,
    metadata,
    tls,
    command,
    args,
    cwd,
    process,
    confinement: confined,
    env: variables,
    ...rest
  } = patch;
  const environment = mergeEnv(env, variables);
  const transport = patch.transport ?? server.transport;
  const target = { transport, adapt: patch.adapt ?? server.adapt };
  const moves = isBridged(target) !== isBridged(server);
  const instances = described?.instances ?? requested ?? (moves ? server.instances : undefined);
  const placed =
    instances === undefined
      ? server.instances
      : placeServer({ ...server, ...target }, instances, server.instances, () => createId(INSTANCE_ID_LENGTH));
  const openapi = described?.openapi ?? (server.openapi && placeOpenapi(server.openapi, requested));
  const retained = addsOrigin(server.instances, placed) ? {} : headers;
  const merged = changes === undefined ? retained : mergeHeaders(retained, changes);
  const named = new Set(Object.keys({ ...merged, ...changes }).map((name) => name.toLowerCase()));
  return {
    droppedHeaders: Object.keys(headers).filter((name) => !named.has(name.toLowerCase())),
    headers: merged,
    env: environment,
    server: {
      ...server,
      ...dropAbsent(rest),
      ...(openapi !== undefined && { openapi }),
      program: mergeProgram(server.program, { command, args, cwd, process, confinement: confined }),
      envNames: Object.keys(environment).sort(),
      metadata: metadata ?? server.metadata,
      timeouts: mergeTimeouts(server.timeouts, timeouts),
      tls: mergeTls(server.tls, tls),
      headerNames: Object.keys(merged).sort(),
      // Endpoints found for another transport do not apply to this one.
      instances:
        isBridged(target) || (transport === server.transport && !moves)
          ? placed
          : placed.map((instance) => ({ ...instance, endpoints: assumeEndpoints(instance.url, transport) })),
    },
  };
}

// Compared as stored: JSON writes -0 as 0.
const asStored = ({ server, headers }: Draft): unknown => JSON.parse(JSON.stringify({ server, headers }));

/** Whether storing `after` in place of `before` would change nothing, secrets included. */
export function isSame(before: Draft, after: Draft): boolean {
  return isDeepStrictEqual(asStored(before), asStored(after));
}
