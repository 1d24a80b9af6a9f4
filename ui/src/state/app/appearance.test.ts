// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { look } from './appearance.svelte.ts';

describe('look', () => {
  it('is kept for each user, and for the first paint of the next visit', () => {
    look.use('ada');
    look.change({ theme: 'dark', density: 'compact' });
    expect(document.documentElement.dataset).toMatchObject({ theme: 'dark', density: 'compact' });
    look.use('bob');
    look.change({ theme: 'light' });
    look.use('ada');
    expect(look.kept.theme).toBe('dark');
    expect(JSON.parse(localStorage.getItem('mcpgw:look') ?? '{}')).toMatchObject({ theme: 'light' });
    look.change({ theme: 'system', density: 'comfortable' });
    expect(document.documentElement.dataset['theme']).toBeUndefined();
  });
});
