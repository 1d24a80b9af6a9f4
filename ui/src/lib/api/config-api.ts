import type { TakeOverInput } from '@mcpgw/registry/contract';
import { request } from './request.ts';

/** The configuration no longer manages a server, agent or group from then on, and it can be changed here. */
export const takeOver = (body: TakeOverInput): Promise<unknown> => request('POST', 'api/config/take-over', { body });
