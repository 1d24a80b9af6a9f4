/** Runs `work`, and afterwards, even if it failed, closes the resources passed to `defer`, last first. */
export async function withClosers<T>(
  work: (defer: <R extends { close: () => Promise<unknown> }>(resource: R) => R) => Promise<T>,
): Promise<T> {
  const resources: { close: () => Promise<unknown> }[] = [];
  try {
    return await work((resource) => {
      resources.push(resource);
      return resource;
    });
  } finally {
    for (const one of resources.reverse()) await one.close();
  }
}
