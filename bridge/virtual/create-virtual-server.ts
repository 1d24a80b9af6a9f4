import { LEGACY_VERSION, processOptions, type VirtualFile } from '@mcpgw/registry/contract';
import { createLocalServer } from '../local/create-local-server.ts';
import type { Catalogue } from '../meta/catalogue.ts';
import type { Server } from '../servers/create-server.ts';
import { hashTools } from '../servers/hash-tools.ts';
import { createVirtualPeer, type VirtualPeerDeps } from './create-virtual-peer.ts';
import { describeCondition, resolveTools, type IsVirtual, type ResolvedTool } from './resolve-tools.ts';

export interface VirtualServerDeps extends Omit<VirtualPeerDeps, 'tools'> {
  catalogue: Catalogue;
  isVirtual: IsVirtual;
}

export interface VirtualServer extends Server {
  /** Applies the current registration. */
  change: (file: VirtualFile) => void;
  /** Notifies its clients when the list of tools differs from that of the previous call. */
  watch: () => void;
}

interface Resolved {
  file: VirtualFile;
  catalogue: readonly unknown[];
  tools: readonly ResolvedTool[];
  /** What it lists for a caller that may call all of its tools. */
  listed: object[];
  hash: string;
}

/** Creates a virtual server: tools of other servers, called through the gateway with the key of the caller. */
export function createVirtualServer(first: VirtualFile, deps: VirtualServerDeps): VirtualServer {
  let file = first;
  let before: Resolved | undefined;
  let announcedHash: string | undefined;

  function resolve(): Resolved {
    const catalogue = deps.catalogue.servers();
    if (before?.file === file && before.catalogue === catalogue) return before;
    const tools = resolveTools(file, catalogue, deps.isVirtual);
    const listed = tools.flatMap(({ tool }) => tool ?? []);
    const hash = hashTools(listed);
    before = { file, catalogue, tools, listed, hash };
    return before;
  }

  const initialized = () => ({
    protocolVersion: LEGACY_VERSION,
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: file.path, title: file.name, version: String(file.version) },
    ...(file.description !== '' && { instructions: file.description }),
  });
  // Its peers cost little; the pool of all servers inside the bridge has its own limit.
  const limits = { ...processOptions.parse({}), maxProcesses: Infinity };
  const server = createLocalServer({
    path: () => file.path,
    limits: () => limits,
    initialized,
    createPeer: (initialize) => createVirtualPeer({ ...deps, tools: () => resolve().tools }, initialize),
  });

  return {
    ...server,
    known() {
      const { listed, hash } = resolve();
      return { initialized: initialized(), tools: listed, toolsHash: hash };
    },
    condition: () => describeCondition(resolve().tools),
    change(next) {
      file = next;
    },
    watch() {
      const { hash } = resolve();
      if (announcedHash !== undefined && announcedHash !== hash) server.toolsChanged();
      announcedHash = hash;
    },
  };
}
