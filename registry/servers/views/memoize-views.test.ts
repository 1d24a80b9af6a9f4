import { expect, test } from 'vitest';
import type { ServerView, ToolIssue } from '../../contract/index.ts';
import type { Observation } from '../../store/rows/servers/observation-rows.ts';
import type { StoredServer } from '../../store/rows/servers/server-rows.ts';
import type { ConfigurationState } from '../servers-deps.ts';
import { memoizeViews } from './memoize-views.ts';

type Configuration = ReturnType<ConfigurationState['configurationStatus']>;

const none: ReadonlyMap<string, readonly ToolIssue[]> = new Map();

function setUp() {
  const state = { made: 0, configuration: { configuration: 'pending', message: null } as Configuration };
  const views = memoizeViews(
    (server, observation) => {
      state.made += 1;
      return {
        id: server.id,
        configuration: state.configuration.configuration,
        toolCount: observation?.toolCount,
      } as ServerView;
    },
    () => ({ ...state.configuration }),
  );
  return { state, views };
}
const server = (id: string) => ({ id }) as StoredServer;
const seen = (serverId: string, toolCount: number) => ({ serverId, toolCount }) as Observation;

test('a view is made once, until its server, what was seen of it or what NGINX serves of it is another', () => {
  const { state, views } = setUp();
  const servers = [server('a'), server('b')];
  const observations = [seen('a', 1)];
  const first = views(servers, observations, none);
  expect(views(servers, observations, none)).toEqual(first);
  expect(state.made).toBe(2);

  expect(views(servers, [observations[0] as Observation, seen('b', 5)], none)[1]?.toolCount).toBe(5);
  expect(state.made).toBe(3);

  state.configuration = { configuration: 'live', message: null };
  expect(views(servers, observations, none).map(({ configuration }) => configuration)).toEqual(['live', 'live']);
  state.configuration = { configuration: 'live', message: 'but' };
  views(servers, observations, none);
  expect(state.made).toBe(7);

  views(servers, observations, new Map([['a', [{ kind: 'flagged', count: 1, since: '' }]]]));
  expect(state.made).toBe(8);

  const changed = views([servers[0] as StoredServer, server('b')], observations, none);
  expect(changed[0]).toBe(views(servers, observations, none)[0]);
});

test('a server that is gone and comes back gets a new view', () => {
  const { state, views } = setUp();
  const [a, b] = [server('a'), server('b')];
  views([a, b], [], none);
  expect(views([a], [], none)).toHaveLength(1);
  views([a, b], [], none);
  expect(state.made).toBe(3);
});
