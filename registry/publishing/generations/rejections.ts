/** Servers that failed NGINX's test, until they change. */
export interface Rejections {
  /** id → NGINX's words, for those of these servers that are as they were when they failed. */
  of(servers: readonly Versioned[]): Map<string, string>;
  /** Takes over what the last run found. */
  keep(servers: readonly Versioned[], rejected: ReadonlyMap<string, string>): void;
  readonly size: number;
}

interface Versioned {
  id: string;
  revision: number;
}

/** Makes the memory of rejected servers, so that not every publish fails its first test again. A server that changed has another try. */
export function createRejections(): Rejections {
  let known = new Map<string, { revision: number; message: string }>();
  return {
    of(servers) {
      const same = servers.filter(({ id, revision }) => known.get(id)?.revision === revision);
      return new Map(same.map(({ id }) => [id, known.get(id)?.message ?? '']));
    },
    keep(servers, rejected) {
      const found = servers.filter(({ id }) => rejected.has(id));
      known = new Map(found.map(({ id, revision }) => [id, { revision, message: rejected.get(id) ?? '' }]));
    },
    get size() {
      return known.size;
    },
  };
}
