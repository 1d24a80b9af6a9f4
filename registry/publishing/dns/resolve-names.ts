import { isIP } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { SYSTEM_CLOCK, type Clock } from '../../lib/clock.ts';
import { pickAddress } from './pick-address.ts';
import type { Resolved } from '../plan/plan-routes.ts';
import { lookupSystem, type CheckAddress, type Lookup } from '../../upstream/index.ts';

export interface Target {
  /** In the form of `URL.hostname`. */
  host: string;
  port: number;
}

export interface NameResolver {
  /** Restores the last known addresses from the text that `serialize` returned. */
  restore(text: string | undefined): void;
  /** The last known addresses as text, to survive a restart. */
  serialize(): string;
  /** Resolves these targets for `addressOf`: waits only for names whose first lookup has not ended, within the time limit. */
  resolve(targets: readonly Target[]): Promise<void>;
  /** Starts a publish: `refresh` reports changes since then for these targets; the addresses of all others are discarded. */
  track(targets: readonly Target[]): void;
  /** Looks up the names among the targets again (not more often than `againMs`); true, once for each change, when a tracked address changed. */
  refresh(targets: readonly Target[]): Promise<boolean>;
  addressOf(host: string, port: number): Resolved;
}

export interface NameResolverOptions {
  checkAddress: CheckAddress;
  lookup?: Lookup;
  limitMs?: number;
  againMs?: number;
  clock?: Clock;
}

// getaddrinfo occupies one of libuv's four threads until it returns, regardless of our limit: two remain for files.
const MAX_LOOKUPS = 2;

interface Name {
  /** The last answer; retained when later lookups fail. */
  addresses: readonly string[];
  problem: string;
  /** When the last lookup ended; null before the first one has. */
  lookedUpAtMs: number | null;
}

function explain(host: string, error: unknown): string {
  const code = (error as { code?: string }).code;
  const why = code === 'ETIMEOUT' ? 'no answer in time' : (code ?? (error as Error).message);
  return `The name ${host} has no address (${why}): check its spelling, and the DNS of the host that runs the gateway. It is looked up again, and the server is published when it has one`;
}

/** Creates the resolver of backends' names: NGINX gets addresses only and never uses DNS. */
export function createNameResolver(options: NameResolverOptions): NameResolver {
  const { checkAddress, lookup: lookUpName = lookupSystem, limitMs = 2_000, againMs = 5_000 } = options;
  const { clock = SYSTEM_CLOCK } = options;
  const names = new Map<string, Name>();
  const inUse = new Map<string, Resolved>();
  /** The addresses when `track` was called, or as `refresh` last reported them. */
  let tracked = new Map<string, Resolved>();
  const restored = new Map<string, string>();
  const lookups = new Map<string, Promise<unknown>>();
  const queue: (() => void)[] = [];
  let active = 0;

  async function acquire(): Promise<void> {
    if (active >= MAX_LOOKUPS) await new Promise<void>((resolve) => queue.push(resolve));
    else active += 1;
  }
  function release(): void {
    const next = queue.shift();
    if (next === undefined) active -= 1;
    else next();
  }

  async function lookUp(host: string): Promise<void> {
    await acquire();
    const name = names.get(host) ?? { addresses: [], problem: explain(host, { code: 'ETIMEOUT' }), lookedUpAtMs: null };
    names.set(host, name);
    try {
      const found = await lookUpName(host);
      if (found.length > 0) name.addresses = found;
      else name.problem = explain(host, { code: 'ENODATA' });
    } catch (error) {
      name.problem = explain(host, error);
    } finally {
      name.lookedUpAtMs = clock.nowMs();
      release();
    }
  }

  /** Joins the running lookup of the name or starts one; resolves when it ended, or `limitMs` after it was requested. */
  function lookUpOnce(host: string): Promise<unknown> {
    const running = lookups.get(host);
    if (running !== undefined) return running;
    const timer = new AbortController();
    const late = clock.sleep(limitMs, timer.signal).catch(() => undefined);
    const lookup = lookUp(host).finally(() => {
      lookups.delete(host);
      timer.abort();
    });
    const bounded = Promise.race([lookup, late]);
    lookups.set(host, bounded);
    return bounded;
  }

  const lookUpAll = (hosts: readonly string[]) => Promise.all(hosts.map(lookUpOnce));
  const lastLookupOf = (host: string) => names.get(host)?.lookedUpAtMs ?? null;

  async function choose({ host, port }: Target): Promise<Resolved> {
    const literal = host.replace(/^\[|\]$/g, '');
    const name = names.get(host);
    const candidates = isIP(literal) !== 0 ? [literal] : (name?.addresses ?? []);
    if (candidates.length === 0) return { problem: name?.problem ?? explain(host, { code: 'ETIMEOUT' }) };
    const allowed = candidates.filter((address) => checkAddress(address, port) === null);
    if (allowed.length === 0) return { problem: checkAddress(candidates[0] ?? '', port) ?? 'refused' };
    const key = `${host} ${port}`;
    const before = inUse.get(key);
    const preferred = before && 'address' in before ? before.address : restored.get(key);
    const address = await pickAddress(allowed, port, preferred);
    return address === undefined ? { problem: explain(host, { code: 'ENODATA' }) } : { address };
  }

  const isName = ({ host }: Target) => isIP(host.replace(/^\[|\]$/g, '')) === 0;
  const uniqueHosts = (targets: readonly Target[]) => [...new Set(targets.filter(isName).map(({ host }) => host))];

  async function chooseAll(targets: readonly Target[]): Promise<void> {
    await Promise.all(
      targets.map(async (target) => {
        const key = `${target.host} ${target.port}`;
        const [before, after] = [inUse.get(key), await choose(target)];
        const current = inUse.get(key);
        // An address that a concurrent call chose meanwhile may be in a configuration already.
        const isChosen = current !== before && current !== undefined && 'address' in current;
        if (!isChosen) inUse.set(key, after);
      }),
    );
  }

  /** True when a tracked address changed; the new one is tracked from then on. */
  function reportChanges(targets: readonly Target[]): boolean {
    let isChanged = false;
    for (const { host, port } of targets) {
      const key = `${host} ${port}`;
      const [before, now] = [tracked.get(key), inUse.get(key)];
      if (before === undefined || now === undefined || isDeepStrictEqual(before, now)) continue;
      tracked.set(key, now);
      isChanged = true;
    }
    return isChanged;
  }

  return {
    restore(text) {
      if (text === undefined) return;
      const stored = JSON.parse(text) as { names: Record<string, string[]>; inUse: Record<string, string> };
      for (const [host, addresses] of Object.entries(stored.names))
        names.set(host, { addresses, problem: '', lookedUpAtMs: -Infinity });
      for (const [key, address] of Object.entries(stored.inUse)) restored.set(key, address);
    },
    serialize() {
      const used = new Set([...inUse.keys()].map((key) => key.split(' ')[0]));
      const known = [...names].filter(([host, { addresses }]) => used.has(host) && addresses.length > 0);
      const chosen = [...inUse].flatMap(([key, found]) => ('address' in found ? [[key, found.address] as const] : []));
      return JSON.stringify({
        names: Object.fromEntries(known.map(([host, { addresses }]) => [host, addresses])),
        inUse: Object.fromEntries(chosen),
      });
    },
    async resolve(targets) {
      await lookUpAll(uniqueHosts(targets).filter((host) => lastLookupOf(host) === null));
      const isUnresolved = ({ host, port }: Target) => 'problem' in (inUse.get(`${host} ${port}`) ?? { problem: '' });
      await chooseAll(targets.filter(isUnresolved));
    },
    track(targets) {
      const requested = new Set(targets.map(({ host, port }) => `${host} ${port}`));
      for (const key of inUse.keys()) if (!requested.has(key)) inUse.delete(key);
      tracked = new Map(inUse);
    },
    async refresh(targets) {
      const since = clock.nowMs() - againMs;
      await lookUpAll(uniqueHosts(targets).filter((host) => (lastLookupOf(host) ?? -Infinity) <= since));
      await chooseAll(targets);
      return reportChanges(targets);
    },
    addressOf: (host, port) => inUse.get(`${host} ${port}`) ?? { problem: explain(host, { code: 'ETIMEOUT' }) },
  };
}
