import type {
  BridgeOutput,
  ApproveInput,
  HealthHistories,
  HealthHistory,
  Page,
  ToolLockMode,
  ProbeResponse,
  ProbeInput,
  ProbeResult,
  RemovedServers,
  ServerChange,
  ServerConfig,
  ServerView,
  SessionView,
  SettingsPatch,
  SettingsView,
  ServerTrend,
  StatsView,
  ToolChange,
  ToolHit,
  ToolsView,
  UserPatch,
  UserView,
  VirtualVersions,
} from '@mcpgw/registry/contract';
import { fetchAll } from './fetch-all.ts';
import { request } from './request.ts';

const server = (path: string): string => `api/servers/${encodeURIComponent(path)}`;
const user = (name: string): string => `api/users/${encodeURIComponent(name)}`;

export const getSession = (signal?: AbortSignal): Promise<SessionView> =>
  request('GET', 'api/session', signal === undefined ? {} : { signal });
export const logIn = (username: string, password: string): Promise<SessionView> =>
  request('POST', 'api/session', { body: { username, password } });
export const logOut = (): Promise<void> => request('DELETE', 'api/session');

export const listServers = (): Promise<ServerView[]> => fetchAll('api/servers');
export const getServer = (path: string): Promise<ServerView> => request('GET', server(path));
export const registerServer = (body: unknown): Promise<ServerChange> => request('POST', 'api/servers', { body });
export const changeServer = (path: string, body: unknown, revision?: number): Promise<ServerChange> =>
  request('PATCH', server(path), { body, ...(revision === undefined ? {} : { revision }) });
/** Versions of a virtual server, newest first. */
export const listVersions = async (path: string): Promise<VirtualVersions['items']> =>
  (await request<VirtualVersions>('GET', `${server(path)}/versions`)).items;
export const restoreVersion = (path: string, version: number): Promise<ServerChange> =>
  request('POST', `${server(path)}/versions/${version}/restore`);
export const removeServer = (path: string): Promise<unknown> => request('DELETE', server(path));
export const restoreServer = (path: string): Promise<ServerChange> => request('POST', `${server(path)}/restore`);
export const listRemovedServers = async (): Promise<RemovedServers['items']> =>
  (await request<RemovedServers>('GET', 'api/removed-servers')).items;
export const refreshServer = (path: string): Promise<ProbeResult> => request('POST', `${server(path)}/refresh`);
export const getHealth = (path: string, limit: number): Promise<HealthHistory> =>
  request('GET', `${server(path)}/health`, { query: { limit } });
export const getHealthHistories = (paths: readonly string[], limit: number): Promise<HealthHistories> =>
  request('GET', 'api/checks', { query: { paths: paths.join(','), limit } });
/** Output lines of the processes of a program, after the line with this number. */
export const getOutput = (path: string, after: number): Promise<BridgeOutput> =>
  request('GET', `${server(path)}/output`, { query: { after } });
export const getConfig = (path: string): Promise<ServerConfig> => request('GET', `${server(path)}/config`);
export const getStats = (path?: string): Promise<StatsView> =>
  request('GET', 'api/stats', { query: { range: 'hour', server: path } });
export const getServerTrend = (): Promise<ServerTrend> => request('GET', 'api/stats/trend');
export const probe = (body: Partial<ProbeInput> & { url: string }, signal?: AbortSignal): Promise<ProbeResponse> =>
  request('POST', 'api/probe', { body, ...(signal === undefined ? {} : { signal }) });

export const getTools = (path: string): Promise<ToolsView> => request('GET', `${server(path)}/tools`);
export const getToolChanges = (path: string): Promise<Page<ToolChange>> =>
  request('GET', `${server(path)}/changes`, { query: { limit: 50 } });
export const setToolLock = (path: string, mode: ToolLockMode | null): Promise<ToolsView> =>
  request('PUT', `${server(path)}/tool-lock`, { body: { mode } });
export const approveTools = (path: string, body: ApproveInput): Promise<ToolsView> =>
  request('POST', `${server(path)}/approve`, { body });
export const searchTools = (q: string, signal?: AbortSignal): Promise<Page<ToolHit>> =>
  request('GET', 'api/tools', { query: { q, limit: 50 }, ...(signal === undefined ? {} : { signal }) });

export const listUsers = (): Promise<UserView[]> => fetchAll('api/users');
export const addUser = (body: { username: string; password: string; role: string }): Promise<UserView> =>
  request('POST', 'api/users', { body });
export const changeUser = (name: string, body: UserPatch): Promise<UserView> => request('PATCH', user(name), { body });
export const endSessions = (name: string): Promise<{ ended: number }> => request('DELETE', `${user(name)}/sessions`);
export const removeUser = (name: string): Promise<unknown> => request('DELETE', user(name));
export const changePassword = (
  name: string,
  body: { currentPassword?: string; newPassword: string },
): Promise<unknown> => request('POST', `${user(name)}/password`, { body });

export const getSettings = (): Promise<SettingsView> => request('GET', 'api/settings');
export const changeSettings = (body: SettingsPatch, revision: number): Promise<SettingsView> =>
  request('PATCH', 'api/settings', { body, revision });
