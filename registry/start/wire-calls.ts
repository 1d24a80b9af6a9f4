import { join } from 'node:path';
import { createCalls, createCallShipper, type Calls, type CallShipper } from '../activity/index.ts';
import type { Log } from '../lib/log.ts';
import type { Settings } from '../settings/index.ts';

const DAY_MS = 86_400_000;
const MB = 1024 * 1024;

/** The store of single calls; null where a setting turns it off or sends them elsewhere. */
export function wireCalls({ callStore, logDir }: Settings, log: Log): Calls | null {
  if (callStore?.kind !== 'sqlite') return null;
  const { file, maxAgeDays, maxMegabytes } = callStore;
  return createCalls({ file, logDir, pollMs: 500, maxAgeMs: maxAgeDays * DAY_MS, maxBytes: maxMegabytes * MB }, log);
}

/** The shipper that sends single calls elsewhere instead of storing them; null if none is configured. */
export function wireCallShipper({ callStore, logDir, dataDir }: Settings, log: Log): CallShipper | null {
  if (callStore === null || callStore.kind === 'sqlite') return null;
  const target =
    callStore.kind === 'stdout'
      ? { fd: callStore.fd }
      : { file: callStore.file, maxBytes: callStore.maxMegabytes * MB };
  return createCallShipper({ target, logDir, stateFile: join(dataDir, 'calls-sent.json') }, log);
}
