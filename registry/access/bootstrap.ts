import { password as passwordRule, type Actor } from '../contract/index.ts';
import { RegistryError } from '../lib/errors.ts';
import type { Store } from '../store/index.ts';
import { draftKey } from './agents/agent-keys.ts';
import type { AccessWriter } from './files/access-writer.ts';
import { createPassword } from './agents/key.ts';
import type { Passwords } from './users/password.ts';

/** What the first start created. Both secrets are returned once and stored as hashes. */
export interface FirstLogin {
  username: string;
  /** Null when the settings define it. */
  password: string | null;
  agent: string;
  key: string;
}

interface BootstrapOptions {
  store: Pick<Store, 'meta' | 'users' | 'agents' | 'change'>;
  files: Pick<AccessWriter, 'writeAgent'>;
  passwords: Passwords;
}

const SYSTEM: Actor = { kind: 'system', name: 'mcpgw', address: null };
const DONE = 'access.bootstrapped';
const FIRST_AGENT = 'first';

/**
 * At the first start creates the admin and the agent `first` (grants `*`, no role) with a key. Later returns null, even if both were removed.
 * Throws `invalid` for a password that could never be used.
 * `announce` receives the login before it is committed: if the registry is killed in between, the next start creates another one, but no login is ever lost.
 */
export async function bootstrapAccess(
  { store, files, passwords }: BootstrapOptions,
  admin: { username: string; password: string | undefined },
  announce: (login: FirstLogin) => void = () => undefined,
): Promise<FirstLogin | null> {
  if ((await store.meta.get(DONE)) !== undefined) return null;
  const password = admin.password ?? createPassword();
  const checked = passwordRule.safeParse(password);
  if (!checked.success)
    throw new RegistryError(
      'invalid',
      `ADMIN_PASSWORD: ${checked.error.issues[0]?.message ?? 'it is not a valid password'}`,
      {
        hint: 'Set another one, or leave it out: one is generated then.',
      },
    );
  const passwordHash = await passwords.hash(password);
  const { value: login } = await store.change(SYSTEM, 'access.bootstrapped', async (tx) => {
    const { key, stored } = draftKey(FIRST_AGENT, { label: 'first start', expiresAt: null, servers: null }, tx.now);
    await tx.users.put({
      username: admin.username,
      passwordHash,
      role: 'admin',
      enabled: true,
      createdAt: tx.now,
      lastLoginAt: null,
      revision: tx.revision,
    });
    await tx.agents.put({
      name: FIRST_AGENT,
      description: 'Created at the first start.',
      owner: '',
      tags: [],
      groups: [],
      role: null,
      enabled: true,
      expiresAt: null,
      toolList: 'auto',
      grants: [{ server: '*', tools: ['*'], resources: ['*'], prompts: ['*'] }],
      createdAt: tx.now,
      revision: tx.revision,
    });
    await tx.agents.addKey(stored);
    await tx.meta.put(DONE, tx.now);
    const shown = admin.password === undefined ? password : null;
    const login = { username: admin.username, password: shown, agent: FIRST_AGENT, key };
    announce(login);
    return { value: login, target: 'access', after: { admin: admin.username, agent: FIRST_AGENT } };
  });
  await files.writeAgent(FIRST_AGENT);
  return login;
}
