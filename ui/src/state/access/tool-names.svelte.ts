import { getTools } from '../../lib/api/registry-api.ts';

/** Maximum number of servers whose tools are loaded, for suggestions only. */
const MAX_SERVERS = 5;

/** Names of the tools of a few servers, for suggestions. */
export class ToolNames {
  list = $state.raw<readonly string[]>([]);
  #paths = '';

  /** Loads the tools of these servers, unless they are the same as before. */
  load(paths: readonly string[]): void {
    const requested = paths.slice(0, MAX_SERVERS);
    const key = requested.join('\n');
    if (key === this.#paths) return;
    this.#paths = key;
    void Promise.allSettled(requested.map((path) => getTools(path))).then((results) => {
      if (key !== this.#paths) return;
      const names = results.flatMap((result) =>
        result.status === 'fulfilled' ? result.value.tools.map(({ name }) => name) : [],
      );
      this.list = names.filter((name, index) => names.indexOf(name) === index).sort();
    });
  }
}
