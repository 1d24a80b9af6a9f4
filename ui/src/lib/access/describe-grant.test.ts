import { expect, it } from 'vitest';
import { describeHours, describeWhat, summarizeGrants } from './describe-grant.ts';

it('describes which part of a server a grant covers', () => {
  expect(describeWhat({ tools: ['*'], resources: ['*'], prompts: ['*'] })).toBe('all tools, resources and prompts');
  expect(describeWhat({ tools: ['get_*', '!get_secret'], resources: [], prompts: [] })).toBe(
    'tools get_*, !get_secret',
  );
});

it('writes hours with runs of days', () => {
  const hours = { from: '09:00', to: '17:00', zone: 'Europe/Berlin' };
  expect(describeHours({ ...hours, days: ['fri', 'mon', 'tue', 'wed', 'thu'] })).toBe(
    'Mon–Fri 09:00 to 17:00, Europe/Berlin',
  );
  expect(describeHours({ ...hours, to: '09:00', days: ['sat', 'mon'] })).toBe('Mon, Sat all day, Europe/Berlin');
});

it('summarizes the servers to which access is granted', () => {
  expect(summarizeGrants([])).toBe('nothing');
  expect(summarizeGrants([{ server: 'a', effect: 'deny' }])).toBe('nothing');
  expect(summarizeGrants([{ server: '*' }, { server: 'a', effect: 'deny' }])).toBe('all servers');
  expect(summarizeGrants([{ server: 'a' }, { server: 'a' }, { server: 'b' }, { server: 'c/*' }])).toBe('a, b + 1');
});
