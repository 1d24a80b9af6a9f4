import type { Catalogue } from './catalogue.ts';

/** Creates a function that returns whether tools have changed since its last call; changes of health and the like do not count. */
export function createToolWatch(catalogue: Catalogue): () => boolean {
  const read = () => catalogue.servers().flatMap(({ path, tools }): unknown[] => [path, tools]);
  let before = read();
  return () => {
    const now = read();
    const isSame = before.length === now.length && before.every((one, at) => one === now[at]);
    before = now;
    return !isSame;
  };
}
