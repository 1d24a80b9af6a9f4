/**
 * The addresses of the UI. A server's path may have several segments, so what belongs to one page of it stands behind "-", which no path
 * can contain: /servers/team/search/-/tools.
 */
export type ServerTab = 'overview' | 'tools' | 'health' | 'config' | 'connect' | 'settings';
export const SERVER_TABS: readonly ServerTab[] = ['overview', 'tools', 'health', 'connect', 'config', 'settings'];

export type Route =
  | { page: 'servers' }
  | { page: 'register' }
  | { page: 'server'; path: string; tab: ServerTab }
  | { page: 'connect' }
  | { page: 'tools' }
  | { page: 'gateway' }
  | { page: 'activity' }
  | { page: 'settings' }
  | { page: 'missing' };

const PLAIN = ['servers', 'register', 'connect', 'tools', 'gateway', 'activity', 'settings'] as const;

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Reads a path below the UI's base ("servers/weather/-/tools", no slash before it). */
export function matchRoute(path: string): Route {
  const segments = path.split('/').filter(Boolean).map(decode);
  if (segments.length === 0) return { page: 'servers' };
  if (segments[0] === 'servers' && segments.length > 1) {
    const dash = segments.indexOf('-');
    const tab = dash === -1 ? 'overview' : segments[dash + 1];
    const named = segments.slice(1, dash === -1 ? undefined : dash);
    if (named.length === 0 || !SERVER_TABS.includes(tab as ServerTab)) return { page: 'missing' };
    return { page: 'server', path: named.join('/'), tab: tab as ServerTab };
  }
  const page = PLAIN.find((known) => known === segments[0]);
  return page === undefined || segments.length > 1 ? { page: 'missing' } : { page };
}

/** Whether a path below the UI's base is that of logging in, which is no page of its own. */
export function isLogin(path: string): boolean {
  return /^login\/*$/.test(path);
}

/** The address of one server's page, below the UI's base. */
export function serverHref(path: string, tab: ServerTab = 'overview'): string {
  const named = path.split('/').map(encodeURIComponent).join('/');
  return `/servers/${named}${tab === 'overview' ? '' : `/-/${tab}`}`;
}
