/** Servers that failed NGINX's test, by id: the revision at which they failed, and NGINX's message. */
export type Rejections = ReadonlyMap<string, { revision: number; message: string }>;

interface Versioned {
  id: string;
  revision: number;
}

/** By id, NGINX's messages for those of these servers that did not change since they failed; otherwise the first test of every publish would fail again. */
export function selectRejections(known: Rejections, servers: readonly Versioned[]): Map<string, string> {
  const same = servers.filter(({ id, revision }) => known.get(id)?.revision === revision);
  return new Map(same.map(({ id }) => [id, known.get(id)?.message ?? '']));
}

/** The rejections that a run found. */
export function recordRejections(servers: readonly Versioned[], rejected: ReadonlyMap<string, string>): Rejections {
  const found = servers.filter(({ id }) => rejected.has(id));
  return new Map(found.map(({ id, revision }) => [id, { revision, message: rejected.get(id) ?? '' }]));
}
