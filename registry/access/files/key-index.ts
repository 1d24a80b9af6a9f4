import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyFile } from '../../contract/index.ts';

/** Which key files stand for which agent, so that those of a revoked key are found though the database no longer knows it. */
export interface KeyIndex {
  /** The hashes whose file names this agent. */
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

/** Reads the folder once, at the first question. */
export function createKeyIndex(keysDir: string): KeyIndex {
  const agentOf = new Map<string, string>();
  let scanned: Promise<void> | undefined;

  async function scan(): Promise<void> {
    for (const name of await readdir(keysDir)) {
      const agent = name.endsWith('.json') ? await readAgentOf(join(keysDir, name)) : undefined;
      if (agent !== undefined) agentOf.set(name.slice(0, -'.json'.length), agent);
    }
  }
  return {
    async of(agent) {
      scanned ??= scan().catch((error: unknown) => {
        scanned = undefined;
        throw error;
      });
      await scanned;
      return [...agentOf].filter(([, owner]) => owner === agent).map(([sha256]) => sha256);
    },
    put: (sha256, agent) => void agentOf.set(sha256, agent),
    remove: (sha256) => void agentOf.delete(sha256),
  };
}
