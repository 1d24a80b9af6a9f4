import type { ServerView, ToolIssue } from '../../contract/index.ts';
import type { Observation, StoredServer } from '../../store/index.ts';
import type { ConfigurationState } from '../servers-deps.ts';

/** Whether NGINX serves a server as stored, and whether the stored state has reached the gate. */
export type ServedState = ReturnType<ConfigurationState['configurationStatus']> & { isEnforced: boolean };

const NO_ISSUES: readonly ToolIssue[] = [];

interface Entry {
  observation: Observation | undefined;
  issues: readonly ToolIssue[];
  state: ServedState;
  view: ServerView;
}

export interface ViewCache {
  /** The views of servers, in their order: the same object as long as the server is unchanged. */
  show(
    servers: readonly StoredServer[],
    observations: readonly Observation[],
    toolIssues: ReadonlyMap<string, readonly ToolIssue[]>,
  ): ServerView[];
  /** A view as JSON text, serialized once. */
  toJson(view: ServerView): Buffer;
}

/**
 * Creates the cache of views and their JSON text. Rows must be the same objects as long as nothing changed (store/cache/list-cache.ts). With
 * only the rows cached, a list of 1,000 servers costs 9.7 ms of CPU instead of 3.8; the limit is 10 ms (bench `knowledge`).
 */
export function createViewCache(
  show: (server: StoredServer, observation: Observation | undefined, issues: readonly ToolIssue[]) => ServerView,
  stateOf: (server: StoredServer) => ServedState,
): ViewCache {
  const entries = new WeakMap<StoredServer, Entry>();
  const texts = new WeakMap<ServerView, Buffer>();

  function read(server: StoredServer, observation: Observation | undefined, issues: readonly ToolIssue[]): ServerView {
    const state = stateOf(server);
    const known = entries.get(server);
    if (
      known?.issues === issues &&
      known.observation === observation &&
      known.state.configuration === state.configuration &&
      known.state.message === state.message &&
      known.state.since === state.since &&
      known.state.isEnforced === state.isEnforced
    )
      return known.view;
    const view = show(server, observation, issues);
    entries.set(server, { observation, issues, state, view });
    return view;
  }

  return {
    show(servers, observations, toolIssues) {
      const byServer = new Map(observations.map((observation) => [observation.serverId, observation]));
      return servers.map((server) => read(server, byServer.get(server.id), toolIssues.get(server.id) ?? NO_ISSUES));
    },
    toJson(view) {
      const text = texts.get(view) ?? Buffer.from(JSON.stringify(view));
      texts.set(view, text);
      return text;
    },
  };
}
