import { setTimeout as sleep } from 'node:timers/promises';
import type { Page, ServerView } from '../../registry/contract/index.ts';
import { findRegistry } from '../../test/support/faults/observe/find-processes.ts';
import type { Gateway } from '../../test/support/gateway/start-gateway.ts';
import { runConcurrently, startLightServers } from './start-light-servers.ts';
import { startBenchGateway } from './start-bench-gateway.ts';

export interface SweptGateway extends Gateway {
  /** Pid of the registry's process. */
  registry: number;
  /** Endpoints of the light servers; `count` of them are registered. */
  urls: string[];
  registerLight: (path: string, url: string | undefined) => Promise<void>;
  /** Number of open sessions on all light servers. */
  countSessions: () => Promise<number>;
  /** Every server as the API shows it. */
  listAll: () => Promise<ServerView[]>;
  /**
   * Waits for the next scheduled sweep, and returns its time from the tick to the last check, in ms; null: not complete before the next tick.
   * No requests are sent meanwhile.
   */
  awaitSweep: (atTick?: () => void) => Promise<number | null>;
}

interface SweptOptions {
  /** Servers that are registered, each on its own port, with sessions. */
  count: number;
  /** Servers that run in addition. */
  spare?: number;
  tools: number;
  /** Seconds between two sweeps; a minute is a whole number of them. */
  everyS: number;
  env?: Record<string, string>;
}

const AT_ONCE = 25;
const BEFORE_TICK_MS = 500;
const PER_PAGE = 1_000;

/** The whole gateway as start.sh starts it, with `count` light servers in one process, which its health schedule sweeps. */
export async function startSweptGateway({ count, spare = 0, tools, everyS, env }: SweptOptions): Promise<SweptGateway> {
  const light = await startLightServers(count + spare, { on: 'ports', tools, sessions: true });
  const gateway = await startBenchGateway({ HEALTH_CRON: `*/${everyS} * * * * *`, ...env }).catch(
    async (error: unknown) => {
      await light.close();
      throw error;
    },
  );
  const registerLight = async (path: string, url: string | undefined) => {
    await gateway.admin.must('POST', '/api/servers?wait=false', {
      path,
      url,
      description: 'A server of the bench',
      tags: ['bench', path.split('/')[0]],
    });
  };
  const listAll = async () => {
    const all: ServerView[] = [];
    let cursor: string | undefined;
    do {
      const query = `limit=${PER_PAGE}${cursor === undefined ? '' : `&cursor=${cursor}`}`;
      const page = await gateway.admin.must<Page<ServerView>>('GET', `/api/servers?${query}`);
      all.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return all;
  };
  const close = async () => {
    await gateway.close();
    await light.close();
  };
  try {
    const numbers = Array.from({ length: count }, (_, number) => number);
    await runConcurrently(numbers, AT_ONCE, (number) =>
      registerLight(`team-${number % 20}/s${number}`, light.urls[number]),
    );
    return {
      ...gateway,
      registry: findRegistry(gateway),
      urls: light.urls,
      registerLight,
      async countSessions() {
        const response = await fetch(new URL('/sessions', light.urls[0]));
        return ((await response.json()) as { open: number }).open;
      },
      listAll,
      async awaitSweep(atTick) {
        const everyMs = everyS * 1_000;
        const tick = Math.ceil((Date.now() + 1) / everyMs) * everyMs;
        await sleep(tick - Date.now());
        atTick?.();
        await sleep(tick + everyMs - BEFORE_TICK_MS - Date.now());
        const last = (await listAll()).map(({ lastCheckedAt }) => Date.parse(lastCheckedAt ?? ''));
        return last.every((at) => at >= tick) ? Math.max(...last) - tick : null;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
