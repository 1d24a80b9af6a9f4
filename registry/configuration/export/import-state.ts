import { randomBytes } from 'node:crypto';
import {
  configExport,
  type Actor,
  type ConfigExport,
  type ConfigPlan,
  type ImportInput,
} from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { Transaction } from '../../store/index.ts';
import type { ConfigurationDeps } from '../configuration-deps.ts';
import { applyDocument, draftChanges } from '../plan/apply-document.ts';
import { openSecrets } from './seal-secrets.ts';
import { putSecrets } from './take-secrets.ts';

export interface ImportDeps extends ConfigurationDeps {
  storedSettings: (rows: Transaction) => Promise<Record<string, string>>;
  /** Stores settings by the names of the environment, and what follows after the commit. */
  writeSettings: (tx: Transaction, settings: Record<string, string>) => Promise<void>;
  reloadSettings: () => Promise<void>;
  /** Brings every access file in line with the database. */
  syncFiles: () => Promise<unknown>;
}

async function readDocument({
  document,
  passphrase,
}: ImportInput): Promise<{ state: ConfigExport; missing: string[] }> {
  const draft = structuredClone(document) as Record<string, unknown>;
  const head = configExport.shape.export.safeParse(draft['export']);
  if (!head.success)
    throw new RegistryError('invalid', 'document: this is no export of a gateway: it has no "export"', {
      hint: 'Give what POST /api/config/export or "mcpgw config export" wrote. A configuration file is applied: POST /api/config/apply.',
    });
  const { secrets, sealed, omitted } = head.data;
  const opens = secrets === 'sealed' && passphrase !== undefined;
  if (opens) putSecrets(draft, await openSecrets(sealed ?? '', passphrase));
  else
    for (const server of Object.values((draft['servers'] ?? {}) as Record<string, { tls?: Record<string, unknown> }>))
      // A client certificate is of no use without its key.
      if (
        server.tls !== undefined &&
        server.tls['key'] === undefined &&
        omitted.some((field) => field.endsWith('.tls.key'))
      )
        server.tls = { ...server.tls, certificate: null, key: null };
  const parsed = configExport.safeParse(draft);
  if (!parsed.success) {
    const errors = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({ field: path.join('.'), message }));
    throw new RegistryError('invalid', errors.map(({ field, message }) => `${field}: ${message}`).join('\n'), {
      errors,
    });
  }
  return { state: parsed.data, missing: opens ? [] : omitted };
}

async function writeUsers(tx: Transaction, users: ConfigExport['users'], replace: boolean): Promise<void> {
  for (const [username, { role, enabled, passwordHash }] of Object.entries(users)) {
    const before = await tx.users.byName(username);
    await tx.users.put({
      username,
      role,
      enabled,
      // Without one nobody can sign in until an administrator sets a password.
      passwordHash: passwordHash ?? before?.passwordHash ?? '',
      createdAt: before?.createdAt ?? tx.now,
      lastLoginAt: before?.lastLoginAt ?? null,
      revision: tx.revision,
    });
  }
  if (replace)
    for (const { username } of await tx.users.all())
      if (users[username] === undefined) {
        await tx.users.remove(username);
        await tx.sessions.removeOf(username);
      }
  const admins = (await tx.users.all()).filter(
    (user) => user.role === 'admin' && user.enabled && user.passwordHash !== '',
  );
  if (admins.length === 0)
    throw new RegistryError('conflict', 'this import would leave no administrator who can sign in', {
      hint: 'Give the passphrase of a sealed export, or import without "replace".',
    });
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

async function writeLocks(
  tx: Transaction,
  locks: ConfigExport['toolLocks'],
  replace: boolean,
  by: string,
): Promise<void> {
  for (const { id, path } of await tx.servers.all())
    if (replace || locks[path] !== undefined) await tx.toolLocks.remove(id);
  for (const [path, { mode, approved }] of Object.entries(locks)) {
    const server = await tx.servers.byPath(path);
    if (server === undefined) continue;
    await tx.toolLocks.put(server.id, { mode, lockedAt: tx.now, lockedBy: by });
    await tx.toolLocks.approve(server.id, approved);
  }
}

/** Brings what an export says into this gateway, as one change. Throws RegistryError; then nothing was changed. */
export async function importState(
  deps: ImportDeps,
  actor: Actor,
  input: ImportInput,
): Promise<{ plan: ConfigPlan; revision: number | null; unprobed: string[]; missingSecrets: string[] }> {
  const { state, missing: missingSecrets } = await readDocument(input);
  const { servers, groups, agents, settings, users, kills, toolLocks } = state;
  const document = { settings: {}, servers, groups, agents };
  const options = { source: '', replaces: input.replace, keys: 'all' as const, probe: true, action: 'config.imported' };
  if (input.dryRun) {
    const { plan } = await draftChanges(deps, document, options);
    return { plan, revision: null, unprobed: [], missingSecrets };
  }
  const applied = await applyDocument(deps, actor, document, {
    ...options,
    also: {
      describe: {
        users: Object.keys(users),
        kills: kills.length,
        toolLocks: Object.keys(toolLocks),
        replace: input.replace,
      },
      write: async (tx) => {
        await writeUsers(tx, users, input.replace);
        await writeKills(tx, kills, input.replace, actor.name);
        await writeLocks(tx, toolLocks, input.replace, actor.name);
        const values = Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]));
        if (input.replace || Object.keys(values).length > 0)
          await deps.writeSettings(tx, input.replace ? values : { ...(await deps.storedSettings(tx)), ...values });
      },
    },
  });
  await deps.reloadSettings();
  await deps.syncFiles();
  return { ...applied, missingSecrets };
}
