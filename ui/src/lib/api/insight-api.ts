import type { AgentView, CallGrant, Explanation, PreviewInput, PreviewView } from '@mcpgw/registry/contract';
import { request } from './request.ts';

export interface Question {
  agent: string;
  server: string;
  tool?: string;
  resource?: string;
  prompt?: string;
  /** Id of a key of the agent. */
  key?: string;
  /** A time other than now, ISO 8601. */
  at?: string;
}

export const explain = (question: Question): Promise<Explanation> =>
  request('GET', 'api/access/explain', { query: { ...question } });
export const previewGrants = (body: PreviewInput, signal?: AbortSignal): Promise<PreviewView> =>
  request('POST', 'api/access/preview', { body, ...(signal === undefined ? {} : { signal }) });
export const getCallGrant = (requestId: string): Promise<CallGrant> => request('GET', `api/calls/${requestId}/grant`);
export const grantCall = (requestId: string): Promise<AgentView> => request('POST', `api/calls/${requestId}/grant`);
