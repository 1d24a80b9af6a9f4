import { createCalls, type Calls } from '../activity/index.ts';
import type { Log } from '../lib/log.ts';
import type { Settings } from '../settings/index.ts';

const DAY_MS = 86_400_000;
const MB = 1024 * 1024;

/** The store of single calls; null where a setting turns it off. */
export function wireCalls({ callStore, logDir }: Settings, log: Log): Calls | null {
  if (callStore === null) return null;
  const { file, maxAgeDays, maxMegabytes } = callStore;
  return createCalls({ file, logDir, pollMs: 500, maxAgeMs: maxAgeDays * DAY_MS, maxBytes: maxMegabytes * MB }, log);
}
