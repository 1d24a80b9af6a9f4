import type { TakeOverInput } from '@mcpgw/registry/contract';
import { request } from './request.ts';

/** The configuration leaves a server, agent or group alone from then on, and it can be changed here. */
export const takeOver = (body: TakeOverInput): Promise<unknown> => request('POST', 'api/config/take-over', { body });
