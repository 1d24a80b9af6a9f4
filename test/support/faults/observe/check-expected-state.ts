import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentView, Page, ServerView } from '../../../../registry/contract/index.ts';
import type { AdminClient } from '../../gateway/admin-client.ts';
import type { Gateway } from '../../gateway/start-gateway.ts';
import { waitFor } from '../../wait-for.ts';
import type { ExpectedState, KnownAgent, KnownServer } from './expected-state.ts';
import { callOnce } from '../load/call-once.ts';

let callers = 0;
/** An address of loopback for each call: refusals are limited for each address, and a limited one would not show the state of the key. */
function nextAddress(): string {
  callers += 1;
  return `127.${1 + ((callers >> 16) % 250)}.${(callers >> 8) % 256}.${callers % 256}`;
}

/** Compares the behaviour of the gate with the expected state; works without a registry. Returns the differences. */
export async function checkGate(
  expected: ExpectedState,
  gateway: Gateway,
  good: { key: string; path: string },
): Promise<string[]> {
  const call = async (key: string, path: string) =>
    (await callOnce(false, { url: gateway.url, path, key, from: nextAddress() }, 1)).text;
  const lost: string[] = [];
  const expectOneOf = (what: string, received: string, accepted: string[]) => {
    expected.checked += 1;
    if (!accepted.includes(received)) lost.push(`${what}: ${received}, not ${accepted.join(' or ')}`);
  };
  await Promise.all([
    ...expected.agents.flatMap(({ name, keys }) =>
      keys.map(async ({ presence, key }) => {
        if (presence !== 'unknown')
          expectOneOf(`key of ${name}, ${presence}`, await call(key, good.path), [
            presence === 'present' ? '200' : '401 key_unknown',
          ]);
      }),
    ),
    ...expected.servers.map(async ({ path, id, presence, isVerified }) => {
      if (presence === 'unknown') return;
      const hasFile = existsSync(join(gateway.dataDir, `access/servers/${String(id)}.json`));
      if (hasFile !== (presence === 'present'))
        lost.push(`access file of ${path}, ${presence}: ${hasFile ? 'present' : 'missing'}`);
      // Its route is added and removed by a reload, which may not have happened.
      const answers =
        presence === 'removed'
          ? ['404 unknown_path', '503 not_ready']
          : isVerified
            ? ['200']
            : ['200', '404 unknown_path'];
      expectOneOf(`server ${path}, ${presence}`, await call(good.key, path), answers);
    }),
  ]);
  return lost;
}

/**
 * Compares the content of the database with the expected state, and takes from it the changes that had no response: they must stay so from
 * then on. Returns the differences.
 */
export async function checkDatabase(expected: ExpectedState, admin: AdminClient): Promise<string[]> {
  const [servers, agents] = await Promise.all([
    admin.must<Page<ServerView>>('GET', '/api/servers?limit=1000'),
    admin.must<Page<AgentView>>('GET', '/api/agents?limit=1000'),
  ]);
  const lost: string[] = [];
  function compare(what: string, thing: { presence: string }, isStored: boolean): void {
    const stored = isStored ? 'present' : 'removed';
    expected.checked += 1;
    if (thing.presence === 'unknown') thing.presence = stored;
    else if (thing.presence !== stored) lost.push(`${what} is ${stored}, not ${thing.presence}`);
  }
  const byPath = new Map(servers.items.map((server) => [server.path, server]));
  for (const server of expected.servers) {
    const stored = byPath.get(server.path);
    compare(`server ${server.path}`, server, stored !== undefined);
    server.id ??= stored?.id ?? null;
  }
  const byName = new Map(agents.items.map((agent) => [agent.name, agent]));
  for (const agent of expected.agents) {
    const stored = byName.get(agent.name);
    compare(`agent ${agent.name}`, agent, stored !== undefined);
    for (const key of agent.keys)
      compare(`key ${key.id} of ${agent.name}`, key, stored?.keys.some(({ id }) => id === key.id) === true);
  }
  return lost;
}

/** Waits until NGINX serves every expected server and no removed one, and marks everything as verified. */
export async function verifyExpectedState(expected: ExpectedState, gateway: Gateway, key: string): Promise<void> {
  for (const server of expected.servers) {
    const outcome = server.presence === 'present' ? '200' : '404 unknown_path';
    const isServed = async () =>
      (await callOnce(false, { url: gateway.url, path: server.path, key }, 1)).text === outcome;
    await waitFor(`${server.path}, ${server.presence}, to be answered with ${outcome}`, isServed, 120_000);
  }
  for (const thing of [...expected.servers, ...expected.agents]) thing.isVerified = true;
}

/** Drops what is verified to be removed; returns what is verified to be present. */
export function dropRemoved(expected: ExpectedState): { servers: KnownServer[]; agents: KnownAgent[] } {
  expected.servers = expected.servers.filter(({ presence }) => presence !== 'removed');
  expected.agents = expected.agents.filter(({ presence }) => presence !== 'removed');
  return { servers: [...expected.servers], agents: [...expected.agents] };
}
