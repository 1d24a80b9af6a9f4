import { randomBytes } from 'node:crypto';
import {
  configExport,
  isRecord,
  ownMember,
  recording,
  type Actor,
  type AgentLimits,
  type ConfigExport,
  type ConfigPlan,
  type ImportInput,
} from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { Events } from '../../lib/events.ts';
import { explainIssues } from '../../lib/explain-issues.ts';
import type { Transaction } from '../../store/index.ts';
import type { ConfigurationDeps } from '../configuration-deps.ts';
import { applyDocument, draftChanges } from '../plan/apply-document.ts';
import { openSecrets } from './seal-secrets.ts';
import { putSecrets } from './take-secrets.ts';

export interface ImportDeps extends ConfigurationDeps {
  /** Stores settings by the names of the environment, and limits of new agents, in addition to the stored ones or, with `replace`, instead of them. */
  writeSettings: (
    tx: Transaction,
    settings: Record<string, string>,
    more: { agentLimits: AgentLimits | undefined; replace: boolean },
  ) => Promise<void>;
  reloadSettings: () => Promise<void>;
  /** Makes every access file match the database. */
  syncFiles: () => Promise<unknown>;
  events: Pick<Events, 'emit'>;
}

async function readDocument({
  document,
  passphrase,
}: ImportInput): Promise<{ state: ConfigExport; missing: string[] }> {
  const draft = structuredClone(document) as Record<string, unknown>;
  const head = configExport.shape.export.safeParse(draft['export']);
  if (!head.success)
    throw new RegistryError('invalid', 'document: this is not an export of a gateway: it has no "export"', {
      hint: 'Send what POST /api/config/export returned or "mcpgw config export" wrote. Apply a configuration file with POST /api/config/apply.',
    });
  const { secrets, sealed, omitted } = head.data;
  const opens = secrets === 'sealed' && passphrase !== undefined;
  if (opens) putSecrets(draft, await openSecrets(sealed ?? '', passphrase));
  else
    for (const [path, server] of Object.entries(isRecord(draft['servers']) ? draft['servers'] : {})) {
      if (!isRecord(server) || !isRecord(server['tls']) || server['tls']['key'] !== undefined) continue;
      // A client certificate is useless without its key.
      if (omitted.includes(`servers.${path}.tls.key`))
        server['tls'] = { ...server['tls'], certificate: null, key: null };
    }
  const parsed = configExport.safeParse(draft);
  if (!parsed.success) throw explainIssues(parsed.error, 'document');
  return { state: parsed.data, missing: opens ? [] : omitted };
}

/** Returns the users that were changed or removed: their sessions are ended. */
async function writeUsers(tx: Transaction, users: ConfigExport['users'], replace: boolean): Promise<string[]> {
  const ended: string[] = [];
  for (const [username, { role, enabled, passwordHash }] of Object.entries(users)) {
    const before = await tx.users.byName(username);
    const isChanged =
      before !== undefined &&
      (before.role !== role ||
        before.enabled !== enabled ||
        (passwordHash ?? before.passwordHash) !== before.passwordHash);
    // A user whose password, role or state was changed has to sign in again.
    if (isChanged) ended.push(username);
    await tx.users.put({
      username,
      role,
      enabled,
      // Without a password the user cannot sign in until an administrator sets one.
      passwordHash: passwordHash ?? before?.passwordHash ?? '',
      createdAt: before?.createdAt ?? tx.now,
      lastLoginAt: before?.lastLoginAt ?? null,
      revision: tx.revision,
    });
  }
  if (replace)
    for (const { username } of await tx.users.all())
      if (ownMember(users, username) === undefined) {
        await tx.users.remove(username);
        ended.push(username);
      }
  for (const username of ended) await tx.sessions.removeOf(username);
  const admins = (await tx.users.all()).filter(
    (user) => user.role === 'admin' && user.enabled && user.passwordHash !== '',
  );
  if (admins.length === 0)
    throw new RegistryError('conflict', 'this import would leave no administrator who can sign in', {
      hint: 'Send the passphrase of a sealed export, or import without "replace".',
    });
  return ended;
}

async function writeKills(tx: Transaction, kills: ConfigExport['kills'], replace: boolean, by: string): Promise<void> {
  if (replace) for (const { scope, target } of await tx.kills.all()) await tx.kills.remove(scope, target);
  for (const { scope, target = '', reason } of kills) {
    const stored = scope === 'server' ? (await tx.servers.byPath(target))?.id : target;
    if (stored === undefined) continue;
    const id = (await tx.kills.byTarget(scope, stored))?.id ?? randomBytes(6).toString('hex');
    await tx.kills.put({ id, scope, target: stored, reason, at: tx.now, by });
  }
}

async function writeRecordings(
  tx: Transaction,
  recordings: ConfigExport['recordings'],
  replace: boolean,
): Promise<void> {
  for (const { id, path } of await tx.servers.all()) {
    const imported = ownMember(recordings, path);
    if (imported !== undefined) await tx.recordings.put(id, imported);
    else if (replace) await tx.recordings.put(id, recording.parse({}));
  }
}

async function writeLocks(
  tx: Transaction,
  locks: ConfigExport['toolLocks'],
  replace: boolean,
  by: string,
): Promise<void> {
  for (const { id, path } of await tx.servers.all())
    if (replace || ownMember(locks, path) !== undefined) await tx.toolLocks.remove(id);
  for (const [path, { mode, approved }] of Object.entries(locks)) {
    const server = await tx.servers.byPath(path);
    if (server === undefined) continue;
    await tx.toolLocks.put(server.id, { mode, lockedAt: tx.now, lockedBy: by });
    await tx.toolLocks.approve(server.id, approved);
  }
}

/** Imports an export into this gateway as one change. Throws RegistryError; in that case nothing was changed. */
export async function importState(
  deps: ImportDeps,
  actor: Actor,
  input: ImportInput,
): Promise<{ plan: ConfigPlan; revision: number | null; unprobed: string[]; missingSecrets: string[] }> {
  const { state, missing: missingSecrets } = await readDocument(input);
  const { servers, groups, agents, settings, agentLimits, users, kills, recordings, toolLocks } = state;
  const document = { settings: {}, servers, groups, agents };
  const options = { source: '', replaces: input.replace, keys: 'all' as const, probe: true, action: 'config.imported' };
  if (input.dryRun) {
    const { plan } = await draftChanges(deps, document, options);
    return { plan, revision: null, unprobed: [], missingSecrets };
  }
  let ended: string[] = [];
  const applied = await applyDocument(deps, actor, document, {
    ...options,
    also: {
      describe: {
        users: Object.keys(users),
        kills: kills.length,
        recordings: Object.keys(recordings),
        toolLocks: Object.keys(toolLocks),
        replace: input.replace,
      },
      write: async (tx) => {
        ended = await writeUsers(tx, users, input.replace);
        await writeKills(tx, kills, input.replace, actor.name);
        await writeRecordings(tx, recordings, input.replace);
        await writeLocks(tx, toolLocks, input.replace, actor.name);
        const values = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
        if (input.replace || agentLimits !== undefined || Object.keys(values).length > 0)
          await deps.writeSettings(tx, values, { agentLimits, replace: input.replace });
      },
    },
  });
  for (const username of ended) deps.events.emit('user.changed', { username });
  await deps.reloadSettings();
  await deps.syncFiles();
  return { ...applied, missingSecrets };
}
