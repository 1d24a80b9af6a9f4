import ipaddr from 'ipaddr.js';
import { RegistryError } from '../../lib/errors.ts';

interface Record {
  failures: number;
  /** No attempt before this, epoch ms. */
  notBefore: number;
  lastAt: number;
}

interface Rule {
  /** The number of failures without a pause. */
  free: number;
  /** The first pause after them; it doubles. */
  firstPauseMs: number;
  maxPauseMs: number;
}

// An account waits at most a minute, so that nobody can lock its owner out for long; an address may wait longer.
const ACCOUNT: Rule = { free: 5, firstPauseMs: 1_000, maxPauseMs: 60_000 };
const ADDRESS: Rule = { free: 20, firstPauseMs: 1_000, maxPauseMs: 15 * 60_000 };
const EXPIRE_MS = 30 * 60_000;
const MAX_RECORDS = 10_000;

/** Slows down password guessing, per account and per address. */
export interface LoginThrottle {
  /** Counts an attempt as failed beforehand, so that parallel ones do not slip through. Returns how long to wait; 0 = continue. */
  begin(account: string, address: string): number;
  /** How long an address has to wait before its next attempt, in milliseconds; 0 = not at all. Counts nothing. */
  waitMs(address: string): number;
  /** The attempt succeeded: both are reset. */
  succeed(account: string, address: string): void;
}

/** One network of a customer counts as one address: a /64 of IPv6 (RFC 6177 assigns sites no less). */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}

/** Creates the throttle; it tracks at most 10,000 accounts and as many addresses for half an hour. */
export function createLoginThrottle(now: () => number = Date.now): LoginThrottle {
  const accounts = new Map<string, Record>();
  const addresses = new Map<string, Record>();

  function findRecord(records: Map<string, Record>, key: string): Record {
    const known = records.get(key);
    if (known !== undefined && now() - known.lastAt < EXPIRE_MS) return known;
    return { failures: 0, notBefore: 0, lastAt: 0 };
  }
  function fail(records: Map<string, Record>, key: string, rule: Rule): void {
    const failures = findRecord(records, key).failures + 1;
    const doublings = Math.min(failures - rule.free, 30);
    const pauseMs = doublings <= 0 ? 0 : Math.min(rule.firstPauseMs * 2 ** (doublings - 1), rule.maxPauseMs);
    records.delete(key); // moved to the end: the first in the map is the least recently used
    records.set(key, { failures, notBefore: now() + pauseMs, lastAt: now() });
    const oldest = records.keys().next().value;
    if (records.size > MAX_RECORDS && oldest !== undefined) records.delete(oldest);
  }

  const waitUntil = (notBefore: number): number => Math.max(0, notBefore - now());

  return {
    waitMs: (address) => waitUntil(findRecord(addresses, networkOf(address)).notBefore),
    begin(account, address) {
      const network = networkOf(address);
      const waitMs = waitUntil(
        Math.max(findRecord(accounts, account).notBefore, findRecord(addresses, network).notBefore),
      );
      if (waitMs > 0) return waitMs;
      fail(accounts, account, ACCOUNT);
      fail(addresses, network, ADDRESS);
      return 0;
    },
    succeed(account, address) {
      accounts.delete(account);
      addresses.delete(networkOf(address));
    },
  };
}

/** Begins an attempt, or throws `limited` with the time to wait. `what`: the attempts as the error names them, such as "failed logins". */
export function admitAttempt(throttle: LoginThrottle, account: string, address: string, what: string): void {
  rejectWhile(throttle.begin(account, address), what);
}

/** Throws `limited` when an address must wait, regardless of what it sends. */
export function admitAddress(throttle: LoginThrottle, address: string, what: string): void {
  rejectWhile(throttle.waitMs(address), what);
}

function rejectWhile(waitMs: number, what: string): void {
  if (waitMs > 0)
    throw new RegistryError('limited', `too many ${what}; try again in ${Math.ceil(waitMs / 1000)} s`, {
      retryAfterS: waitMs / 1000,
    });
}
