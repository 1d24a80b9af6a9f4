import { readFileSync, statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { upstreamFile, type RemoteFile } from '@mcpgw/registry/contract';
import { Agent } from 'undici';
import { createUpstreamRule, guardConnect, lookupSystem, type UpstreamGuard } from '../../registry/upstream/index.ts';

/** Connects to remote servers, only at addresses that the registry's rule allows. */
export interface Upstream {
  guard: UpstreamGuard;
  /** PEM certificates against which servers are verified; undefined: those of Node. */
  ca: () => string | undefined;
  /** Connections to one server. */
  createAgent: (server: Pick<RemoteFile, 'tls' | 'connectMs'>, maxConnections?: number) => Agent;
}

type CheckAddress = UpstreamGuard['checkAddress'];

const NO_RULE: CheckAddress = () => 'the registry has not yet written which addresses are allowed';
const MAX_CONNECTIONS = 32;

/** Reads `DATA_DIR/bridge/upstream.json`, and again when it was replaced. `report` is called once for each unusable version. */
export function createUpstream(file: string, report: (problem: string) => void): Upstream {
  let stamp = '';
  let rule = NO_RULE;
  let ca: string | undefined;

  function refresh(): void {
    const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
    const seen = stat === undefined ? 'none' : `${stat.ino} ${stat.mtimeNs}`;
    if (seen === stamp) return;
    stamp = seen;
    rule = NO_RULE;
    try {
      const { allow, ownPorts, caFile } = upstreamFile.parse(JSON.parse(readFileSync(file, 'utf8')));
      ca = caFile === null ? undefined : readFileSync(caFile, 'utf8');
      const listAddresses = () =>
        Object.values(networkInterfaces()).flatMap((all) => all?.map((one) => one.address) ?? []);
      rule = createUpstreamRule({ allow, ownPorts, ownAddresses: listAddresses });
    } catch (error) {
      report(`${file} cannot be used: ${(error as Error).message.slice(0, 500)}`);
    }
  }
  const guard: UpstreamGuard = {
    resolve: lookupSystem,
    checkAddress(address, port) {
      refresh();
      return rule(address, port);
    },
  };
  const readCa = () => {
    refresh();
    return ca;
  };
  return {
    guard,
    ca: readCa,
    createAgent: ({ tls, connectMs }, maxConnections = MAX_CONNECTIONS) =>
      new Agent({
        allowH2: false,
        connect: guardConnect({ guard, connectMs, ca: readCa(), ...(tls !== null && { tls }) }),
        connections: maxConnections,
        headersTimeout: 0,
        bodyTimeout: 0,
        maxHeaderSize: 32 * 1024,
      }),
  };
}
