import type {
  AgentInput,
  AgentPatch,
  AgentView,
  Grant,
  KeyCreated,
  KeyInput,
  KeyPatch,
  KeyRotation,
  KeyView,
  KillInput,
  KillView,
} from '@mcpgw/registry/contract';
import { fetchAll } from './fetch-all.ts';
import { request } from './request.ts';

const agent = (name: string): string => `api/agents/${encodeURIComponent(name)}`;
const key = (name: string, id: string): string => `${agent(name)}/keys/${encodeURIComponent(id)}`;

export const listAgents = (): Promise<AgentView[]> => fetchAll('api/agents');
export const getAgent = (name: string): Promise<AgentView> => request('GET', agent(name));
export const addAgent = (body: Partial<AgentInput> & { name: string }): Promise<AgentView> =>
  request('POST', 'api/agents', { body });
export const changeAgent = (name: string, body: AgentPatch, revision?: number): Promise<AgentView> =>
  request('PATCH', agent(name), { body, ...(revision === undefined ? {} : { revision }) });
export const removeAgent = (name: string): Promise<unknown> => request('DELETE', agent(name));
export const setGrants = (name: string, grants: readonly Grant[], revision: number): Promise<AgentView> =>
  request('PUT', `${agent(name)}/grants`, { body: grants, revision });

export const addKey = (name: string, body: Partial<KeyInput>): Promise<KeyCreated> =>
  request('POST', `${agent(name)}/keys`, { body });
export const changeKey = (name: string, id: string, body: KeyPatch): Promise<KeyView> =>
  request('PATCH', key(name, id), { body });
export const rotateKey = (name: string, id: string, body: Partial<KeyRotation>): Promise<KeyCreated> =>
  request('POST', `${key(name, id)}/rotate`, { body });
export const revokeKey = (name: string, id: string): Promise<unknown> => request('DELETE', key(name, id));

export const listKills = async (): Promise<KillView[]> =>
  (await request<{ items: KillView[] }>('GET', 'api/kill')).items;
export const setKill = (body: KillInput): Promise<KillView> => request('POST', 'api/kill', { body });
export const liftKill = (id: string): Promise<unknown> => request('DELETE', `api/kill/${encodeURIComponent(id)}`);
