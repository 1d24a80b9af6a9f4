import { describe, expect, it } from 'vitest';
import type { ServerView } from '@mcpgw/registry/contract';
import { toForm, toPatch } from './server-form.ts';

const server = {
  name: 'Weather',
  description: '',
  tags: ['a', 'b'],
  license: '',
  transport: 'auto',
  adapt: false,
  hostMode: 'upstream',
  timeouts: { connectMs: 5000, readMs: 86_400_000, sendMs: 60_000 },
  instances: [{ id: 'i1', url: 'http://w:1', weight: 1, enabled: true, up: true, endpoints: null }],
  headers: ['Authorization'],
  forwardHeaders: ['X-A', 'X-B'],
} as unknown as ServerView;

describe('server form', () => {
  it('returns an empty patch when nothing was edited', () => {
    expect(toPatch(toForm(server), server)).toEqual({});
  });
  it('contains only the fields that differ', () => {
    const form = { ...toForm(server), name: ' Rain ', tags: 'B, a  c', readS: 1.5 };
    expect(toPatch(form, server)).toEqual({
      name: 'Rain',
      tags: ['a', 'b', 'c'],
      timeouts: { connectMs: 5000, readMs: 1500, sendMs: 60_000 },
    });
  });
  it('includes adaptation by the bridge', () => {
    expect(toPatch({ ...toForm(server), adapt: true }, server)).toEqual({ adapt: true });
  });
  it('lists forwarded headers by name', () => {
    const form = { ...toForm(server), forwardHeaders: ' X-C,X-A ' };
    expect(toPatch(form, server)).toEqual({ forwardHeaders: ['X-A', 'X-C'] });
    expect(toPatch({ ...form, forwardHeaders: 'X-B X-A' }, server)).toEqual({});
    expect(toPatch({ ...form, forwardHeaders: '' }, server)).toEqual({ forwardHeaders: [] });
  });
  it('replaces and removes headers by name', () => {
    const form = {
      ...toForm(server),
      removedHeaders: ['Authorization'],
      headerRows: [
        { id: 1, name: 'X-Key', value: 's' },
        { id: 2, name: ' ', value: 'dropped' },
      ],
    };
    expect(toPatch(form, server)).toEqual({ headers: { Authorization: null, 'X-Key': 's' } });
  });
});
