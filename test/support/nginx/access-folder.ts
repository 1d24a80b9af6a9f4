import { createHash, randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentFile, GateFile, ServerFile } from '../../../registry/contract/access-files.ts';
import { makeKey } from '../../../registry/access/key.ts';

/** Writes the gate's access files as the registry does: a temporary file in the same folder, renamed. */
export function createAccessFolder(accessDir: string) {
  function put(name: string, content: unknown): void {
    const file = join(accessDir, name);
    const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
    writeFileSync(temporary, typeof content === 'string' ? content : `${JSON.stringify(content)}\n`, { mode: 0o600 });
    renameSync(temporary, file);
  }
  const nameOf = (key: string) => `keys/${createHash('sha256').update(key).digest('hex')}.json`;
  const calm: GateFile = { v: 1, drain: false, killed: null, sessionKey: randomBytes(32).toString('base64url') };
  put('gate.json', calm);
  return {
    put,
    sessionKey: calm.sessionKey,
    remove: (name: string) => rmSync(join(accessDir, name), { force: true }),
    putGate: (gate: Partial<GateFile>) => put('gate.json', { ...calm, ...gate }),
    putServer: (id: string, server: Partial<ServerFile> & Pick<ServerFile, 'instances'>) =>
      put(`servers/${id}.json`, { v: 1, state: 'on', tools: null, credentials: {}, ...server }),
    /** An agent with these grants, and a key of it. */
    addAgent: (name: string, agent: Partial<AgentFile> = {}, expiresAt: number | null = null): string => {
      const key = makeKey();
      const grants = [{ server: '*', tools: ['*'] }];
      put(`agents/${name}.json`, { v: 1, enabled: true, expiresAt: null, role: null, grants, ...agent });
      put(nameOf(key), { v: 1, agent: name, expiresAt });
      return key;
    },
    putAgent: (name: string, agent: Partial<AgentFile>) =>
      put(`agents/${name}.json`, {
        v: 1,
        enabled: true,
        expiresAt: null,
        role: null,
        grants: [{ server: '*', tools: ['*'] }],
        ...agent,
      }),
    keyFileOf: nameOf,
    revoke: (key: string) => rmSync(join(accessDir, nameOf(key))),
  };
}
export type AccessFolder = ReturnType<typeof createAccessFolder>;
