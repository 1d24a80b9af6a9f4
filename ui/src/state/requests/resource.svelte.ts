/** Something that is fetched for a page: loading, then there or failed; what was there stays while it is fetched again. */
export class Resource<T> {
  value = $state.raw<T | undefined>(undefined);
  failure = $state.raw<unknown>(null);
  loading = $state(true);
  readonly #fetch: () => Promise<T>;
  #turn = 0;

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
  }

  /** Fetches it (again); the newest answer counts. */
  load = (): void => {
    const turn = ++this.#turn;
    this.loading = true;
    this.#fetch().then(
      (value) => this.#settle(turn, value, null),
      (error: unknown) => this.#settle(turn, this.value, error),
    );
  };

  set(value: T): void {
    this.#turn += 1;
    this.#settle(this.#turn, value, null);
  }

  #settle(turn: number, value: T | undefined, failure: unknown): void {
    if (turn !== this.#turn) return;
    this.value = value;
    this.failure = failure;
    this.loading = false;
  }
}
