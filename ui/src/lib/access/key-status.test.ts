import { expect, it } from 'vitest';
import { describeExpiry, nextExpiry, stateOfAgent } from './key-status.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const at = (text: string) => new Date(Date.parse(text)).toISOString();

it('describes how soon something expires', () => {
  expect(describeExpiry(null, now)).toEqual({ label: 'no expiry', tone: 'mute' });
  expect(describeExpiry(at('2026-11-21T11:59:59Z'), now)).toEqual({ label: 'expired', tone: 'bad' });
  expect(describeExpiry(at('2026-11-21T13:00:00Z'), now)).toEqual({ label: 'in 1 hour', tone: 'warn' });
  expect(describeExpiry(at('2026-11-24T12:00:00Z'), now)).toEqual({ label: 'in 3 days', tone: 'warn' });
  expect(describeExpiry(at('2027-11-21T12:00:00Z'), now).tone).toBe('mute');
});

it('finds the next expiry of an agent and its keys, ignoring expired ones', () => {
  const key = (expiresAt: string | null) => ({
    ...{ id: '', label: '', hint: '', createdAt: '', servers: null, lastUsedAt: null, managedBy: null },
    expiresAt,
  });
  const keys = [key('2026-12-01T00:00:00Z'), key('2026-11-01T00:00:00Z'), key(null)];
  expect(nextExpiry({ expiresAt: '2027-01-01T00:00:00Z', keys }, now)).toBe('2026-12-01T00:00:00Z');
  expect(nextExpiry({ expiresAt: null, keys: [] }, now)).toBeNull();
});

it('reports an agent as unenforced, not as stopped or disabled, while the gate does not know of it', () => {
  expect(stateOfAgent({ enabled: false, enforced: false, expiresAt: null }, true, now)).toBe('unenforced');
});

it('ranks a kill switch above the setting, and the setting above the expiry', () => {
  const expired = { enabled: true, enforced: true, expiresAt: '2026-01-01T00:00:00Z' };
  expect(stateOfAgent({ ...expired, enabled: false }, true, now)).toBe('stopped');
  expect(stateOfAgent({ ...expired, enabled: false }, false, now)).toBe('disabled');
  expect(stateOfAgent(expired, false, now)).toBe('expired');
  expect(stateOfAgent({ enabled: true, enforced: true, expiresAt: null }, false, now)).toBe('active');
});
