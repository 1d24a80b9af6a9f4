import type { LightOptions } from '../../test/fixtures/backends/compliant/light-servers.ts';
import { startAlone } from '../../test/fixtures/kit/start-alone.ts';

/** Light MCP servers, all in one separate process; on one port by default. `urls` are their endpoints. */
export async function startLightServers(
  count: number,
  more: Omit<LightOptions, 'count'> = { on: 'paths' },
): Promise<{ urls: string[]; close: () => Promise<void> }> {
  const fixture = await startAlone('backends/compliant/light-servers.ts', { count, ...more });
  return { urls: (fixture as unknown as { urls: string[] }).urls, close: () => fixture.close() };
}

/** Does `work` for each item, `atOnce` at a time. */
export async function runConcurrently<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const remaining = items[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of remaining) await work(item);
    }),
  );
}
