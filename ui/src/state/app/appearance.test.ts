// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { appearance } from './appearance.svelte.ts';

describe('appearance', () => {
  it('is stored per user, and for the first paint of the next visit', () => {
    appearance.loadFor('ada');
    appearance.update({ theme: 'dark', density: 'compact' });
    expect(document.documentElement.dataset).toMatchObject({ theme: 'dark', density: 'compact' });
    appearance.loadFor('bob');
    appearance.update({ theme: 'light' });
    appearance.loadFor('ada');
    expect(appearance.preferences.theme).toBe('dark');
    expect(JSON.parse(localStorage.getItem('mcpgw:appearance') ?? '{}')).toMatchObject({ theme: 'light' });
    appearance.update({ theme: 'system', density: 'comfortable' });
    expect(document.documentElement.dataset['theme']).toBeUndefined();
  });
});
