import { startEverything } from '../../support/gateway/start-everything.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';

export interface ActivitySite {
  gateway: Gateway;
  /** Keys of agents: `caller` may use `found`, `counter` may use `counted`, `stranger` neither. */
  keys: Record<'caller' | 'counter' | 'stranger', string>;
  close: () => Promise<void>;
}

/** A gateway with one backend at two paths. */
export async function startActivitySite(): Promise<ActivitySite> {
  const gateway = await startGateway({ supervised: false });
  const everything = await startEverything();
  for (const path of ['found', 'counted']) await gateway.register({ path, url: everything.url });
  const createKey = async (name: string, server: string) => (await gateway.createAgent([server], { name })).key;
  return {
    gateway,
    keys: {
      caller: await createKey('caller', 'found'),
      counter: await createKey('counter', 'counted'),
      stranger: await createKey('stranger', 'elsewhere'),
    },
    async close() {
      await everything.close();
      await gateway.close();
    },
  };
}
