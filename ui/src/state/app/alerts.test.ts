// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AttentionItem } from '@mcpgw/registry/contract';
import { alerts } from './alerts.svelte.ts';
import { appearance } from './appearance.svelte.ts';

const item = (name: string, severity: AttentionItem['severity']): AttentionItem => ({
  ...{ kind: 'unhealthy', severity, cause: 'checks fail', remedy: null, since: null },
  target: { type: 'server', name },
});
const shown: string[] = [];

beforeEach(() => {
  const notify = vi.fn(function (title: string) {
    shown.push(title);
  });
  vi.stubGlobal(
    'Notification',
    Object.assign(notify, { permission: 'granted', requestPermission: () => Promise.resolve('granted') }),
  );
  vi.stubGlobal('isSecureContext', true);
});
afterEach(() => {
  vi.unstubAllGlobals();
  shown.length = 0;
});

it('notifies of items that are new and severe, and only while turned on', async () => {
  alerts.notify([item('old', 'danger')]);
  alerts.notify([item('old', 'danger'), item('while off', 'danger')]);
  expect(shown).toEqual([]);
  expect(await alerts.turnOn()).toBe(true);
  alerts.notify([item('old', 'danger'), item('slow', 'warning'), item('new', 'danger')]);
  expect(shown).toEqual(['new: Unhealthy']);
  alerts.notify([]);
  alerts.notify([item('new', 'danger')]);
  expect(shown).toHaveLength(2);
  alerts.turnOff();
  expect(appearance.preferences.alerts).toBe(false);
});
