import { KEY_LIFETIMES, type KeyLifetime } from './key-lifetime.ts';

const DEFAULT_LIFETIME: KeyLifetime = '90';

interface KeyRequest {
  /** Paths; the key is for all of them. */
  servers: readonly string[];
  /** '': a new agent, or any that may use the servers. */
  agent: string;
  lifetime: KeyLifetime;
}

/** The query of the page *Connect* that prefills the form with the requested key, for an administrator. */
export function writeKeyRequest({ servers, agent, lifetime }: KeyRequest): URLSearchParams {
  const [server = '', ...also] = servers;
  const query = new URLSearchParams({ server });
  if (also.length > 0) query.set('also', also.join(','));
  if (agent !== '') query.set('agent', agent);
  if (lifetime !== DEFAULT_LIFETIME) query.set('expires', lifetime);
  return query;
}

/** The form values in the query of the page *Connect*. */
export function readKeyRequest(query: URLSearchParams): { also: string[]; agent: string; lifetime: KeyLifetime } {
  const expires = query.get('expires');
  return {
    also: (query.get('also') ?? '').split(',').filter(Boolean),
    agent: query.get('agent') ?? '',
    lifetime: KEY_LIFETIMES.find(({ value }) => value === expires)?.value ?? DEFAULT_LIFETIME,
  };
}
