import type { Grant } from '@mcpgw/registry/contract';
import { expect, it } from 'vitest';
import { judgeServer, judgeTools } from './matrix.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const all = { tools: ['*'], resources: ['*'], prompts: ['*'] };
const tools = (...names: string[]) => ({ tools: names, resources: [], prompts: [] });
const weather = { path: 'weather', tags: ['demo'], readOnly: ['get_sum'] };
const level = (...grants: Grant[]) => judgeServer(grants, weather, now).level;

it('distinguishes access to all of a server, to some of it and to nothing', () => {
  expect(level({ server: '*', ...all })).toBe('all');
  expect(level({ server: 'weather', ...tools('echo') })).toBe('some');
  expect(level({ server: 'other', ...all })).toBe('none');
  expect(level({ server: '*', ...all }, { server: 'weather', ...all, effect: 'deny' })).toBe('none');
  expect(level({ server: '*', ...all, expiresAt: '2026-01-01T00:00:00Z' })).toBe('none');
  expect(level({ server: '*', ...tools('tag:demo') })).toBe('some');
  expect(judgeServer([{ server: '*', ...all }], { path: 'mcpgw', tags: [] }, now).level).toBe('none');
});

it('decides each tool like the gate, and marks timed grants', () => {
  const hours = { days: ['mon' as const], from: '09:00', to: '17:00', zone: 'UTC' };
  const grants: Grant[] = [{ server: 'weather', ...tools('annotation:readOnly', 'e*', '!Echo_secret'), hours }];
  const cells = judgeTools(grants, weather, ['get_sum', 'echo', 'echo_secret', 'write'], now);
  expect(cells.map((cell) => cell.level)).toEqual(['all', 'all', 'none', 'none']);
  expect(cells[0]?.isTimed).toBe(true);
});

it('a denial at certain hours blocks nobody permanently, and counts as timed', () => {
  const hours = { days: ['mon' as const], from: '09:00', to: '17:00', zone: 'UTC' };
  const grants: Grant[] = [
    { server: 'weather', ...all },
    { server: '*', ...all, effect: 'deny', hours },
  ];
  expect(judgeServer(grants, weather, now)).toEqual({ level: 'all', isTimed: true });
});
