import { createHash, randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateFile, KeyFile, ServerFile } from '../../../registry/contract/gate/access-files.ts';
import { ACCESS_VERSION } from '../../../registry/contract/gate/access-version.ts';
import { createKey } from '../../../registry/access/agents/key.ts';

/** Writes the gate's access files as the registry does: a temporary file in the same folder, renamed. */
export function createAccessFolder(accessDir: string) {
  function put(name: string, content: unknown): void {
    const file = join(accessDir, name);
    const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
    writeFileSync(temporary, typeof content === 'string' ? content : `${JSON.stringify(content)}\n`, { mode: 0o600 });
    renameSync(temporary, file);
  }
  const nameOf = (key: string) => `keys/${createHash('sha256').update(key).digest('hex')}.json`;
  const calm: GateFile = {
    v: ACCESS_VERSION,
    drain: false,
    killed: null,
    sessionKey: randomBytes(32).toString('base64url'),
  };
  put('gate.json', calm);
  const usual = (agent: string): KeyFile => ({
    v: ACCESS_VERSION,
    agent,
    enabled: true,
    grants: [{ server: '*', tools: ['*'], resources: ['*'], prompts: ['*'] }],
    sessionKey: calm.sessionKey,
  });
  return {
    put,
    sessionKey: calm.sessionKey,
    remove: (name: string) => rmSync(join(accessDir, name), { force: true }),
    putGate: (gate: Partial<GateFile>) => put('gate.json', { ...calm, ...gate }),
    putServer: (id: string, server: Partial<ServerFile> & Pick<ServerFile, 'instances'>) =>
      put(`servers/${id}.json`, { v: ACCESS_VERSION, state: 'on', tools: null, ...server }),
    /** Adds an agent that may do everything except as set in `more`, and returns a key of it. */
    addAgent: (name: string, more: Partial<KeyFile> = {}): string => {
      const key = createKey();
      put(nameOf(key), { ...usual(name), ...more });
      return key;
    },
    /** Writes the file of a key again. */
    putKey: (key: string, agent: string, more: Partial<KeyFile> = {}) => put(nameOf(key), { ...usual(agent), ...more }),
    keyFileOf: nameOf,
    revoke: (key: string) => rmSync(join(accessDir, nameOf(key))),
  };
}
export type AccessFolder = ReturnType<typeof createAccessFolder>;
