import { KEY_LIFETIMES, type KeyLifetime } from './key-lifetime.ts';

const USUAL: KeyLifetime = '90';

interface KeyRequest {
  /** Paths; the key is for all of them. */
  servers: readonly string[];
  /** '': a new one, or any that may use them. */
  agent: string;
  lifetime: KeyLifetime;
}

/** The query of the page *Connect* with which an administrator finds the form filled in as somebody asks for it. */
export function writeKeyRequest({ servers, agent, lifetime }: KeyRequest): URLSearchParams {
  const [server = '', ...also] = servers;
  const query = new URLSearchParams({ server });
  if (also.length > 0) query.set('also', also.join(','));
  if (agent !== '') query.set('agent', agent);
  if (lifetime !== USUAL) query.set('expires', lifetime);
  return query;
}

/** What the query of the page *Connect* fills in. */
export function readKeyRequest(query: URLSearchParams): { also: string[]; agent: string; lifetime: KeyLifetime } {
  const expires = query.get('expires');
  return {
    also: (query.get('also') ?? '').split(',').filter(Boolean),
    agent: query.get('agent') ?? '',
    lifetime: KEY_LIFETIMES.find(({ value }) => value === expires)?.value ?? USUAL,
  };
}
