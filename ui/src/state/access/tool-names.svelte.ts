import { getTools } from '../../lib/api/registry-api.ts';

/** So many servers are read at most, for suggestions only. */
const MAX_SERVERS = 5;

/** Names of the tools of a few servers, for suggestions. */
export class ToolNames {
  list = $state.raw<readonly string[]>([]);
  #paths = '';

  /** Reads the tools of these servers, unless they are the same as before. */
  load(paths: readonly string[]): void {
    const wanted = paths.slice(0, MAX_SERVERS);
    const key = wanted.join('\n');
    if (key === this.#paths) return;
    this.#paths = key;
    void Promise.allSettled(wanted.map((path) => getTools(path))).then((answers) => {
      if (key !== this.#paths) return;
      const names = answers.flatMap((answer) =>
        answer.status === 'fulfilled' ? answer.value.tools.map(({ name }) => name) : [],
      );
      this.list = names.filter((name, index) => names.indexOf(name) === index).sort();
    });
  }
}
