import type { GroupView, Page, ToolHit, ToolKind } from '@mcpgw/registry/contract';
import { request } from './request.ts';

export interface ToolQuery {
  q: string;
  server: string;
  tag: string;
  kind: ToolKind | '';
}

/** A page of the tools of all servers; best first where something is searched. */
export const findTools = (query: ToolQuery, cursor?: string, signal?: AbortSignal): Promise<Page<ToolHit>> =>
  request('GET', 'api/tools', { query: { ...query, limit: 100, cursor }, ...(signal && { signal }) });
export const listGroups = (): Promise<Page<GroupView>> => request('GET', 'api/groups', { query: { limit: 1000 } });
