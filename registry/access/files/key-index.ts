import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyFile } from '../../contract/index.ts';

/** Which key files belong to which agent, so that the file of a revoked key is found when the database no longer contains it. */
export interface KeyIndex {
  /** The hashes of the keys whose files name this agent. */
  of(agent: string): Promise<string[]>;
  put(sha256: string, agent: string): void;
  remove(sha256: string): void;
}

const owner = keyFile.pick({ agent: true });

async function readAgentOf(file: string): Promise<string | undefined> {
  try {
    return owner.parse(JSON.parse(await readFile(file, 'utf8'))).agent;
  } catch {
    return undefined; // the gate refuses it too, and sync() deletes or rewrites it
  }
}

/** Creates the index; the folder is read once, on first use. */
export function createKeyIndex(keysDir: string): KeyIndex {
  const agentOf = new Map<string, string>();
  const keysOf = new Map<string, Set<string>>();
  let scanned: Promise<void> | undefined;

  function remove(sha256: string): void {
    const agent = agentOf.get(sha256);
    if (agent === undefined) return;
    agentOf.delete(sha256);
    const keys = keysOf.get(agent);
    keys?.delete(sha256);
    if (keys?.size === 0) keysOf.delete(agent);
  }

  function put(sha256: string, agent: string): void {
    remove(sha256);
    agentOf.set(sha256, agent);
    keysOf.set(agent, (keysOf.get(agent) ?? new Set()).add(sha256));
  }

  async function scan(): Promise<void> {
    for (const name of await readdir(keysDir)) {
      const agent = name.endsWith('.json') ? await readAgentOf(join(keysDir, name)) : undefined;
      if (agent !== undefined) put(name.slice(0, -'.json'.length), agent);
    }
  }
  return {
    async of(agent) {
      scanned ??= scan().catch((error: unknown) => {
        scanned = undefined;
        throw error;
      });
      await scanned;
      return [...(keysOf.get(agent) ?? [])];
    },
    put,
    remove,
  };
}
