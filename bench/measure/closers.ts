/** Runs `work`, and afterwards, even when it failed, ends what it gave to `keep`, last first. */
export async function withClosers<T>(
  work: (keep: <R extends { close: () => Promise<unknown> }>(resource: R) => R) => Promise<T>,
): Promise<T> {
  const kept: { close: () => Promise<unknown> }[] = [];
  try {
    return await work((resource) => {
      kept.push(resource);
      return resource;
    });
  } finally {
    for (const one of kept.reverse()) await one.close();
  }
}
