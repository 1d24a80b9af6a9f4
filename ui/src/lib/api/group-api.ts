import type { Grant, GroupInput, GroupPatch, GroupView } from '@mcpgw/registry/contract';
import { fetchAll } from './fetch-all.ts';
import { request } from './request.ts';

const group = (name: string): string => `api/groups/${encodeURIComponent(name)}`;

export const listGroups = (): Promise<GroupView[]> => fetchAll('api/groups');
export const addGroup = (body: Partial<GroupInput> & { name: string }): Promise<GroupView> =>
  request('POST', 'api/groups', { body });
export const changeGroup = (name: string, body: GroupPatch, revision: number): Promise<GroupView> =>
  request('PATCH', group(name), { body, revision });
export const setGroupGrants = (name: string, grants: readonly Grant[], revision: number): Promise<GroupView> =>
  request('PUT', `${group(name)}/grants`, { body: grants, revision });
export const removeGroup = (name: string): Promise<unknown> => request('DELETE', group(name));
