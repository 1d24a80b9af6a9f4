import type { ServerWrite } from '../../../registry/store/rows/servers/server-rows.ts';

/** A server with one instance, as the store accepts it. */
export function serverToWrite(id: string, more: Partial<ServerWrite> = {}): ServerWrite {
  const now = new Date().toISOString();
  return {
    id,
    path: id,
    name: id,
    description: '',
    tags: [],
    transport: 'auto',
    program: null,
    enabled: true,
    forwardHeaders: [],
    hostMode: 'upstream',
    timeouts: { connectMs: 1, readMs: 1, sendMs: 1 },
    license: '',
    stars: 0,
    metadata: {},
    createdAt: now,
    updatedAt: now,
    removedAt: null,
    revision: 1,
    headers: {},
    instances: [instanceToWrite()],
    ...more,
  };
}

export function instanceToWrite(query = ''): ServerWrite['instances'][number] {
  const url = 'http://127.0.0.1:1/';
  return { id: 'i1', url, query, weight: 1, enabled: true, up: true, endpoints: null, toolsHash: null };
}
