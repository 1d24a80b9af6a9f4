// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { location } from './location.svelte.ts';
import { overlay } from './overlay.svelte.ts';
import { unsaved } from './unsaved.svelte.ts';

it('prompts once for all edited forms, and not after they are saved', async () => {
  const saveGrants = unsaved.mark('the grants');
  const saveLimits = unsaved.mark('the limits');
  const stay = location.go('/settings');
  expect(overlay.confirmation?.text).toBe('Unsaved changes: the grants and the limits.');
  overlay.answer(false);
  await stay;
  expect(location.path).not.toBe('settings');

  saveGrants();
  const leave = location.go('/settings');
  expect(overlay.confirmation?.text).toBe('Unsaved changes: the limits.');
  overlay.answer(true);
  await leave;
  expect(location.path).toBe('settings');

  saveLimits();
  await location.go('/audit');
  expect(overlay.confirmation).toBeNull();
  expect(location.path).toBe('audit');
});
