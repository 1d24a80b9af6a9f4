import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bridgeFile, type BridgeFile } from '@mcpgw/registry/contract';

/** Reads what the registry wrote of servers; a file is read again when it was replaced. */
export interface ServerFiles {
  /** Undefined: the bridge may not run this server (no file, not readable, another version). */
  read: (id: string) => BridgeFile | undefined;
}

interface Seen {
  stamp: string;
  file: BridgeFile | undefined;
}

/** Reads `<folder>/<id>.json`. `report` is called once for each version of a file that cannot be used. */
export function createServerFiles(folder: string, report: (problem: string) => void): ServerFiles {
  const seen = new Map<string, Seen>();

  function parse(name: string): BridgeFile | undefined {
    try {
      return bridgeFile.parse(JSON.parse(readFileSync(name, 'utf8')));
    } catch (error) {
      report(`${name} cannot be used: ${(error as Error).message.slice(0, 500)}`);
      return undefined;
    }
  }
  return {
    read(id) {
      const name = join(folder, `${id}.json`);
      const stat = statSync(name, { throwIfNoEntry: false, bigint: true });
      if (stat === undefined) {
        seen.delete(id);
        return undefined;
      }
      const stamp = `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
      const before = seen.get(id);
      if (before?.stamp === stamp) return before.file;
      const file = parse(name);
      seen.set(id, { stamp, file });
      return file;
    },
  };
}
