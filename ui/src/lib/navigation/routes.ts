/**
 * The routes of the UI. A server's path may have several segments, so the tab follows "-", which no path can contain:
 * /servers/team/search/-/tools.
 */
export type ServerTab =
  'overview' | 'sources' | 'tools' | 'health' | 'output' | 'config' | 'connect' | 'limits' | 'audit' | 'settings';
export const SERVER_TABS: readonly ServerTab[] = [
  'overview',
  'sources',
  'tools',
  'health',
  'output',
  'connect',
  'config',
  'limits',
  'audit',
  'settings',
];

/** Parts of the page *Agents*; all but the list follow "-", which is not a valid agent name. */
export type AgentsView = 'list' | 'access' | 'groups';
export const AGENTS_VIEWS: readonly AgentsView[] = ['list', 'access', 'groups'];
export type AgentTab = 'overview' | 'grants' | 'limits' | 'audit';
export const AGENT_TABS: readonly AgentTab[] = ['overview', 'grants', 'limits', 'audit'];

export type Route =
  | { page: 'servers' }
  | { page: 'register' }
  | { page: 'virtual' }
  | { page: 'server'; path: string; tab: ServerTab }
  | { page: 'review' }
  | { page: 'connect' }
  | { page: 'tools' }
  | { page: 'playground' }
  | { page: 'gateway' }
  | { page: 'agents'; view: AgentsView }
  | { page: 'agent'; name: string; tab: AgentTab }
  | { page: 'activity' }
  | { page: 'audit' }
  | { page: 'settings' }
  | { page: 'not-found' };

const TOP_LEVEL = [
  'servers',
  'register',
  'virtual',
  'review',
  'connect',
  'tools',
  'playground',
  'gateway',
  'activity',
  'audit',
  'settings',
] as const;

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function matchAgents([name, tab = 'overview', ...rest]: string[]): Route {
  if (rest.length > 0) return { page: 'not-found' };
  if (name === undefined) return { page: 'agents', view: 'list' };
  if (name === '-') {
    const view = AGENTS_VIEWS.find((known) => known === tab);
    return view === undefined ? { page: 'not-found' } : { page: 'agents', view };
  }
  const known = AGENT_TABS.find((agentTab) => agentTab === tab);
  return known === undefined ? { page: 'not-found' } : { page: 'agent', name, tab: known };
}

/** Parses a path relative to the UI's base ("servers/weather/-/tools", without a leading slash). */
export function matchRoute(url: string): Route {
  const segments = url.split('/').filter(Boolean).map(decode);
  if (segments.length === 0) return { page: 'servers' };
  if (segments[0] === 'servers' && segments.length > 1) {
    const separator = segments.indexOf('-');
    const tab = separator === -1 ? 'overview' : segments[separator + 1];
    const path = segments.slice(1, separator === -1 ? undefined : separator);
    if (path.length === 0 || !SERVER_TABS.includes(tab as ServerTab)) return { page: 'not-found' };
    return { page: 'server', path: path.join('/'), tab: tab as ServerTab };
  }
  if (segments[0] === 'agents') return matchAgents(segments.slice(1));
  const page = TOP_LEVEL.find((known) => known === segments[0]);
  return page === undefined || segments.length > 1 ? { page: 'not-found' } : { page };
}

/** Whether a path relative to the UI's base is `login`, which is not a separate page. */
export function isLogin(path: string): boolean {
  return /^login\/*$/.test(path);
}

/** The path of one server's page, relative to the UI's base. */
export function serverHref(path: string, tab: ServerTab = 'overview'): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `/servers/${encoded}${tab === 'overview' ? '' : `/-/${tab}`}`;
}

/** The path of the form of a virtual server, relative to the UI's base; without `edited`, for a new one. */
export function virtualHref(edited?: string): string {
  return edited === undefined ? '/virtual' : `/virtual?edit=${encodeURIComponent(edited)}`;
}

/** The path of one part of the page *Agents*, relative to the UI's base. */
export function agentsHref(view: AgentsView): string {
  return view === 'list' ? '/agents' : `/agents/-/${view}`;
}

/** The path of one agent's page, relative to the UI's base. */
export function agentHref(name: string, tab: AgentTab = 'overview'): string {
  return `/agents/${encodeURIComponent(name)}${tab === 'overview' ? '' : `/${tab}`}`;
}
