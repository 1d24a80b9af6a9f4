import type { LimitRule, LimitsView, LimitUses } from '@mcpgw/registry/contract';
import { request } from './request.ts';

/** The owner of limits: an agent, a group or a server. */
export interface LimitOwner {
  scope: 'agent' | 'group' | 'server';
  name: string;
}

const limits = ({ scope, name }: LimitOwner): string => `api/${scope}s/${encodeURIComponent(name)}/limits`;

export const getLimits = (owner: LimitOwner): Promise<LimitsView> => request('GET', limits(owner));
export const setLimits = (
  owner: LimitOwner,
  body: { zone: string; rules: readonly LimitRule[] },
  revision: number,
): Promise<LimitsView> => request('PUT', limits(owner), { body, revision });
export const getLimitUse = (owner: LimitOwner): Promise<LimitUses> => request('GET', `${limits(owner)}/use`);
