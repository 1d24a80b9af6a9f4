import { afterEach } from 'vitest';

interface Closable {
  close: () => Promise<unknown>;
}

const open: Closable[] = [];

/** Closes `resource` after the running test, the last first, and returns it. Call `closeAfterEachTest` once in the file. */
export function closeAfterTest<Resource extends Closable>(resource: Resource): Resource {
  open.push(resource);
  return resource;
}

/** Registers the hook that closes the resources of `closeAfterTest`. */
export function closeAfterEachTest(): void {
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
  });
}
