import { isDeepStrictEqual } from 'node:util';
import {
  recording,
  type AgentLimits,
  type CompleteServer,
  type ConfigExport,
  type ExportInput,
  type Recording,
} from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { ConfigurationDeps } from '../configuration-deps.ts';
import { sealSecrets } from './seal-secrets.ts';
import { takeSecrets } from './take-secrets.ts';

export interface ExportDeps extends Pick<ConfigurationDeps, 'servers' | 'access'> {
  store: Pick<Store, 'users' | 'kills' | 'servers' | 'toolLocks' | 'recordings'>;
  /** Settings that were changed while the gateway was running: environment settings by name, and limits of new agents. */
  storedSettings: () => Promise<{ settings: Record<string, string>; agentLimits: AgentLimits | undefined }>;
}

const NOTHING_RECORDED = recording.parse({});

const hasLimits = (limits: AgentLimits | undefined): boolean =>
  limits !== undefined && (limits.rules.length > 0 || limits.zone !== 'UTC');

/** Omits limits without effect. */
function writeLimited<Item extends { limits?: AgentLimits | undefined }>({ limits, ...item }: Item) {
  return { ...item, ...(hasLimits(limits) && { limits }) };
}

function writeServer({
  program,
  env,
  instances,
  tls,
  tools,
  ...rest
}: CompleteServer): ConfigExport['servers'][string] {
  const placed = instances.length > 0 ? { instances } : {};
  const target = tools !== undefined ? { tools } : program === null ? placed : { ...program, env };
  return { ...rest, ...target, ...(tls !== undefined && { tls }) };
}

const sorted = <Value>(entries: Iterable<[string, Value]>): Record<string, Value> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

/** The whole configuration of a gateway, with secrets in plain text. */
async function readState(deps: ExportDeps): Promise<ConfigExport> {
  const { store, servers, access } = deps;
  const stored = await store.servers.all();
  const locks: [string, ConfigExport['toolLocks'][string]][] = [];
  const recordings: [string, Recording][] = [];
  for (const { id, path } of stored) {
    const recorded = await store.recordings.byServer(id);
    if (recorded !== undefined && !isDeepStrictEqual(recorded, NOTHING_RECORDED)) recordings.push([path, recorded]);
    const lock = await store.toolLocks.byServer(id);
    if (lock !== undefined) locks.push([path, { mode: lock.mode, approved: await store.toolLocks.approvals(id) }]);
  }
  const pathOf = (id: string) => stored.find((server) => server.id === id)?.path ?? id;
  const kills = (await store.kills.all()).map(({ scope, target, reason }) => ({
    scope,
    reason,
    ...(scope !== 'all' && { target: scope === 'server' ? pathOf(target) : target }),
  }));
  const { settings, agentLimits } = await deps.storedSettings();
  const limits = await access.serverLimits();
  const limited = (path: string, item: CompleteServer) =>
    writeLimited({ ...writeServer(item), limits: limits.get(path)?.limits });
  return {
    version: 1,
    settings,
    ...(agentLimits !== undefined && { agentLimits }),
    servers: sorted([...(await servers.inputs())].map(([path, { item }]) => [path, limited(path, item)])),
    groups: sorted([...(await access.groups())].map(([name, { item }]) => [name, writeLimited(item)])),
    agents: sorted([...(await access.agents('all'))].map(([name, { item }]) => [name, writeLimited(item)])),
    users: sorted(
      (await store.users.all()).map(({ username, role, enabled, passwordHash }) => [
        username,
        { role, enabled, ...(passwordHash !== '' && { passwordHash }) },
      ]),
    ),
    kills: kills.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    recordings: sorted(recordings),
    toolLocks: sorted(locks),
    export: { version: 1, secrets: 'omitted', omitted: [] },
  };
}

/** The whole state as one document, its secrets sealed or omitted. */
export async function exportState(deps: ExportDeps, { passphrase }: ExportInput): Promise<ConfigExport> {
  const document = structuredClone(await readState(deps));
  const secrets = takeSecrets(document);
  const omitted = secrets.map(([path]) => path.join('.'));
  document.export =
    passphrase === undefined
      ? { version: 1, secrets: 'omitted', omitted }
      : { version: 1, secrets: 'sealed', omitted, sealed: await sealSecrets(secrets, passphrase) };
  return document;
}
