import { expect, test } from 'vitest';
import type { ServerView, ToolIssue } from '../../contract/index.ts';
import type { Observation, StoredServer } from '../../store/index.ts';
import { createViewCache, type ServedState } from './view-cache.ts';

const LIVE: ServedState = { configuration: 'live', message: null, since: null, isEnforced: true };

const none: ReadonlyMap<string, readonly ToolIssue[]> = new Map();

function setUp() {
  const state = { created: 0, configuration: { ...LIVE, configuration: 'pending' } as ServedState };
  const cache = createViewCache(
    (server, observation) => {
      state.created += 1;
      const { configuration } = state.configuration;
      return { id: server.id, configuration, toolCount: observation?.toolCount } as ServerView;
    },
    () => ({ ...state.configuration }),
  );
  return { state, cache };
}
const server = (id: string) => ({ id }) as StoredServer;
const observe = (serverId: string, toolCount: number) => ({ serverId, toolCount }) as Observation;

test('a view is created once, until its server, its last check or its configuration changes', () => {
  const { state, cache } = setUp();
  const [a, b] = [server('a'), server('b')];
  const checked = observe('a', 1);
  const first = cache.show([a, b], [checked], none);
  expect(cache.show([a, b], [checked], none).map((view, at) => view === first[at])).toEqual([true, true]);
  expect(state.created).toBe(2);

  expect(cache.show([a, b], [checked, observe('b', 5)], none)[1]?.toolCount).toBe(5);
  expect(state.created).toBe(3);

  state.configuration = LIVE;
  expect(cache.show([a, b], [checked], none).map(({ configuration }) => configuration)).toEqual(['live', 'live']);
  state.configuration = { ...LIVE, message: 'but' };
  cache.show([a, b], [checked], none);
  expect(state.created).toBe(7);

  const [sameA, newB] = cache.show([a, server('b')], [checked], none);
  expect(sameA).toBe(cache.show([a], [checked], none)[0]);
  expect(newB?.id).toBe('b');
  expect(state.created).toBe(8);

  cache.show([a], [checked], new Map([['a', [{ kind: 'flagged', count: 1, since: '' }]]]));
  expect(state.created).toBe(9);
});

test('toJson returns the JSON text of a view, also after the view changed', () => {
  const { state, cache } = setUp();
  const a = server('grüße “x” 日本');
  const texts = [1, 2].map((toolCount) => {
    const [view] = cache.show([a], [observe(a.id, toolCount)], none);
    expect(cache.toJson(view as ServerView).toString()).toBe(JSON.stringify(view));
    return cache.toJson(view as ServerView);
  });
  expect(texts[0]).not.toBe(texts[1]);
  expect(state.created).toBe(2);
});
