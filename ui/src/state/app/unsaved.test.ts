// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { location } from './location.svelte.ts';
import { overlay } from './overlay.svelte.ts';
import { unsaved } from './unsaved.svelte.ts';

it('asks once for all forms that are edited, and no more when they are saved', async () => {
  const saveGrants = unsaved.mark('the grants');
  const saveLimits = unsaved.mark('the limits');
  const stay = location.go('/settings');
  expect(overlay.confirmation?.text).toBe('Changes are not saved: the grants and the limits.');
  overlay.answer(false);
  await stay;
  expect(location.path).not.toBe('settings');

  saveGrants();
  const leave = location.go('/settings');
  expect(overlay.confirmation?.text).toBe('Changes are not saved: the limits.');
  overlay.answer(true);
  await leave;
  expect(location.path).toBe('settings');

  saveLimits();
  await location.go('/audit');
  expect(overlay.confirmation).toBeNull();
  expect(location.path).toBe('audit');
});
