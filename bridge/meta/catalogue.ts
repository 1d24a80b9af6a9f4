import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  catalogueFile,
  catalogueState,
  STATE_SUFFIX,
  type CatalogueFile,
  type CatalogueServer,
  type CatalogueState,
} from '@mcpgw/registry/contract';

/** The servers as the registry last wrote them. */
export interface Catalogue {
  /** Sorted by path. The same array as long as nothing has changed; the same `tools` as long as those of the server have not. */
  servers: () => readonly CatalogueServer[];
}

interface Read {
  stamp: string;
  file: CatalogueFile | undefined;
  state: CatalogueState | undefined;
}

/** State of a server about which nothing is known yet. */
const UNKNOWN: Omit<CatalogueState, 'v'> = { health: 'unknown', era: null, isSseOnly: false };

const CLOCK_MS = 100;

/** Reads `<folder>/<server id>.json` and `….state.json`, again only if a file was replaced. `report` is called for each file that cannot be used. */
export function createCatalogue(folder: string, report: (problem: string) => void): Catalogue {
  let before = '';
  let read = new Map<string, Read>();
  let servers: readonly CatalogueServer[] = [];

  function readOne(name: string): Read | undefined {
    const stat = statSync(join(folder, name), { throwIfNoEntry: false, bigint: true });
    if (stat === undefined) return undefined;
    const stamp = `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
    const known = read.get(name);
    if (known?.stamp === stamp) return known;
    try {
      const content: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      if (name.endsWith(STATE_SUFFIX)) return { stamp, file: undefined, state: catalogueState.parse(content) };
      const file = catalogueFile.parse(content);
      const isSame = isDeepStrictEqual(file.tools, known?.file?.tools);
      return { stamp, file: isSame ? { ...file, tools: known?.file?.tools ?? null } : file, state: undefined };
    } catch (error) {
      report(`${name} of the catalogue cannot be used: ${(error as Error).message.slice(0, 500)}`);
      return { stamp, file: undefined, state: undefined };
    }
  }

  return {
    servers() {
      const stat = statSync(folder, { throwIfNoEntry: false, bigint: true });
      if (stat === undefined) return servers;
      // Each replacement is a rename, which changes the folder.
      const now = `${stat.ino} ${stat.mtimeNs}`;
      if (now === before) return servers;
      const next = new Map<string, Read>();
      for (const name of readdirSync(folder)) {
        const one = name.endsWith('.json') ? readOne(name) : undefined;
        if (one !== undefined) next.set(name, one);
      }
      read = next;
      // File times are as coarse as the kernel's clock: a change within the same tick would not be detected.
      before = Date.now() - Number(stat.mtimeMs) > CLOCK_MS ? now : '';
      servers = [...next.values()]
        .flatMap(({ file }) => {
          if (file === undefined) return [];
          return { ...UNKNOWN, ...file, ...next.get(`${file.id}${STATE_SUFFIX}`)?.state };
        })
        .sort((one, other) => (one.path < other.path ? -1 : 1));
      return servers;
    },
  };
}
