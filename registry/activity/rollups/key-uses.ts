import type { KeyUse } from '../../store/index.ts';
import type { CallGroup } from './group-calls.ts';

/** A key's last use is not written more often than this. */
const PAUSE_MS = 60_000;
const MAX_KEYS = 100_000;

/** Creates a function that lists the last uses of keys in groups of calls, leaving out those that were listed within the last minute. */
export function createKeyUses(): (groups: readonly CallGroup[]) => KeyUse[] {
  const listedMs = new Map<string, number>();
  return (groups) => {
    const latest = new Map<string, { agent: string; atMs: number }>();
    for (const { call, lastMs } of groups) {
      if (call.key === null || call.agent === null) continue;
      const known = latest.get(call.key);
      if (known === undefined || known.atMs < lastMs) latest.set(call.key, { agent: call.agent, atMs: lastMs });
    }
    const uses: KeyUse[] = [];
    for (const [keyId, { agent, atMs }] of latest) {
      if (atMs - (listedMs.get(keyId) ?? -Infinity) < PAUSE_MS) continue;
      if (listedMs.size >= MAX_KEYS) listedMs.clear();
      listedMs.set(keyId, atMs);
      uses.push({ keyId, agent, at: new Date(atMs).toISOString() });
    }
    return uses;
  };
}
