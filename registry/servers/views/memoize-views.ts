import type { ServerView, ToolIssue } from '../../contract/index.ts';
import type { Observation, StoredServer } from '../../store/index.ts';
import type { ConfigurationState } from '../servers-deps.ts';

interface Shown {
  server: StoredServer;
  observation: Observation | undefined;
  issues: readonly ToolIssue[];
  configuration: ReturnType<ConfigurationState['configurationStatus']>;
  view: ServerView;
}

const NO_ISSUES: readonly ToolIssue[] = [];

/**
 * Shows all servers, and each that is as it was by the very view that was made of it before: lists are asked for often, and writing
 * them as JSON is memoized by view. The rows must be the same objects as long as nothing changed (store/cache/list-cache.ts).
 */
export function memoizeViews(
  show: (server: StoredServer, observation: Observation | undefined, issues: readonly ToolIssue[]) => ServerView,
  configurationStatus: ConfigurationState['configurationStatus'],
): (
  servers: readonly StoredServer[],
  observations: readonly Observation[],
  toolIssues: ReadonlyMap<string, readonly ToolIssue[]>,
) => ServerView[] {
  let listed: readonly StoredServer[] = [];
  let shown = new Map<string, Shown>();
  let health: readonly Observation[] = [];
  let byServer = new Map<string, Observation>();

  return (servers, observations, toolIssues) => {
    if (observations !== health) byServer = new Map(observations.map((item) => [item.serverId, item]));
    health = observations;
    // A new list gets a new map, so that those who are gone are forgotten.
    const next = servers === listed ? shown : new Map<string, Shown>();
    const views = servers.map((server) => {
      const observation = byServer.get(server.id);
      const issues = toolIssues.get(server.id) ?? NO_ISSUES;
      const configuration = configurationStatus(server);
      const old = shown.get(server.id);
      const isSame =
        old?.server === server &&
        old.observation === observation &&
        old.issues === issues &&
        old.configuration.configuration === configuration.configuration &&
        old.configuration.message === configuration.message;
      const entry = isSame
        ? old
        : { server, observation, issues, configuration, view: show(server, observation, issues) };
      if (entry !== old || next !== shown) next.set(server.id, entry);
      return entry.view;
    });
    listed = servers;
    shown = next;
    return views;
  };
}
