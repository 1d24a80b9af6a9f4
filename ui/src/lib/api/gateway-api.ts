import type { GatewayView, GenerationDiff, GenerationView, Page, WorkersView } from '@mcpgw/registry/contract';
import { request } from './request.ts';

export const getGateway = (): Promise<GatewayView> => request('GET', 'api/gateway');
export const getWorkers = (): Promise<WorkersView> => request('GET', 'api/workers');
export const listGenerations = (cursor?: string): Promise<Page<GenerationView>> =>
  request('GET', 'api/generations', { query: { limit: 20, cursor } });
export const getGenerationDiff = (number: number): Promise<GenerationDiff> =>
  request('GET', `api/generations/${number}/diff`);
export const getPreview = (): Promise<GenerationDiff> => request('GET', 'api/generations/preview');
export const rollBack = (number: number, reason: string): Promise<GenerationView> =>
  request('POST', `api/generations/${number}/rollback`, { body: { reason } });
