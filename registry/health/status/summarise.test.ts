import { expect, test } from 'vitest';
import { UNCHECKED, type InstanceState } from './instance-health.ts';
import { summarise } from './summarise.ts';

const instance = (url: string, state: Partial<InstanceState>, toolsHash: string | null = 'h1') => ({
  url,
  state: { ...UNCHECKED, ...state },
  toolsHash,
});
const healthy = instance('http://a', { health: 'healthy', latencyMs: 5 });
const down = instance('http://b', { up: false, health: 'unhealthy', problem: 'refused', remedy: 'start it' }, null);

test('a server has the status that its instances share', () => {
  expect(summarise([healthy])).toEqual({ health: 'healthy', latencyMs: 5, problem: null, remedy: null });
  expect(summarise([down])).toMatchObject({ health: 'unhealthy', problem: 'refused', remedy: 'start it' });
  expect(summarise([instance('http://c', {})])).toMatchObject({ health: 'unknown' });
});

test('a server is degraded where its instances differ, and the worst one is named', () => {
  expect(summarise([healthy, down])).toMatchObject({
    health: 'degraded',
    problem: '1 of 2 instances: http://b has a problem: refused',
    remedy: 'start it',
  });
  expect(summarise([healthy, instance('http://c', { health: 'auth_required' })])).toMatchObject({
    health: 'degraded',
    problem: '1 of 2 instances: http://c is auth_required',
  });
});

test('as long as an instance was not checked, the whole is unknown', () => {
  expect(summarise([healthy, instance('http://c', {})]).health).toBe('unknown');
});

test('different lists of tools are a problem, a list that is not known yet is not', () => {
  const other = { ...healthy, url: 'http://c' };
  expect(summarise([healthy, { ...other, toolsHash: 'h2' }])).toMatchObject({
    health: 'degraded',
    problem: 'Its instances list different tools: http://c differs from http://a',
  });
  expect(summarise([healthy, { ...other, toolsHash: null }]).health).toBe('healthy');
});

test('the latency is that of the slowest instance', () => {
  expect(summarise([healthy, instance('http://c', { health: 'healthy', latencyMs: 9 })]).latencyMs).toBe(9);
});

test('a server without an enabled instance is unknown, with the remedy', () => {
  expect(summarise([])).toMatchObject({
    health: 'unknown',
    problem: 'None of its instances is enabled',
    remedy: expect.stringContaining('Enable an instance') as string,
  });
});
