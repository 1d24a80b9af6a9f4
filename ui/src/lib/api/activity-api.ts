import type {
  AgentStats,
  AuditEntry,
  AuditReport,
  CallFilter,
  CallView,
  Page,
  Recording,
  ServerStats,
  StatsRange,
  StatsView,
} from '@mcpgw/registry/contract';
import { request } from './request.ts';
import { apiUrl } from './urls.ts';

export type CallQuery = CallFilter & { from?: string; to?: string };
export type CallsPage = Page<CallView> & { searchedTo: string | null };
export type AuditQuery = { target?: string; actor?: string; action?: string; from?: string; to?: string };
type StatsFilter = { server?: string; agent?: string; tool?: string };

const PAGE = 100;

export const getAgentStats = (range: StatsRange): Promise<AgentStats> =>
  request('GET', 'api/stats/agents', { query: { range } });
export const getServerStats = (range: StatsRange): Promise<ServerStats> =>
  request('GET', 'api/stats/servers', { query: { range } });
export const getStatsOf = (range: StatsRange, filter: StatsFilter): Promise<StatsView> =>
  request('GET', 'api/stats', { query: { range, ...filter } });
export const searchCalls = (query: CallQuery, cursor?: string, limit = PAGE): Promise<CallsPage> =>
  request('GET', 'api/calls', { query: { ...query, limit, cursor } });
export const exportUrl = (query: CallQuery, format: 'jsonl' | 'csv'): URL => {
  const url = apiUrl('api/calls/export');
  for (const [name, value] of Object.entries({ ...query, format })) url.searchParams.set(name, String(value));
  return url;
};

const recording = (path: string): string => `api/servers/${encodeURIComponent(path)}/recording`;
export const getRecording = (path: string): Promise<Recording> => request('GET', recording(path));
export const setRecording = (path: string, body: Recording): Promise<Recording> =>
  request('PUT', recording(path), { body });

export const listAudit = (query: AuditQuery, cursor?: string): Promise<Page<AuditEntry>> =>
  request('GET', 'api/audit', { query: { ...query, limit: PAGE, cursor } });
export const verifyAudit = (): Promise<AuditReport> => request('GET', 'api/audit/verify');
