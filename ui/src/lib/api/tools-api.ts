import type { Page, ToolHit, ToolKind } from '@mcpgw/registry/contract';
import { request } from './request.ts';

export interface ToolQuery {
  q: string;
  server: string;
  tag: string;
  kind: ToolKind | '';
}

/** A page of the tools of all servers; best match first for a search. */
export const findTools = (
  query: ToolQuery,
  limit: number,
  cursor?: string,
  signal?: AbortSignal,
): Promise<Page<ToolHit>> =>
  request('GET', 'api/tools', { query: { ...query, limit, cursor }, ...(signal && { signal }) });
