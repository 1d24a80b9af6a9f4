/** Data that a page fetches. The previous value remains while it is reloaded. */
export class Resource<T> {
  value = $state.raw<T | undefined>(undefined);
  error = $state.raw<unknown>(null);
  loading = $state(true);
  readonly #fetch: () => Promise<T>;
  #requestId = 0;

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
  }

  /** Loads or reloads; the response of the latest request wins. */
  load = (): void => void this.refresh();

  /** Like `load`; resolves when it has ended, even if it failed. */
  refresh = (): Promise<void> => {
    const requestId = ++this.#requestId;
    this.loading = true;
    return this.#fetch().then(
      (value) => this.#update(requestId, value, null),
      (error: unknown) => this.#update(requestId, this.value, error),
    );
  };

  set(value: T): void {
    this.#requestId += 1;
    this.#update(this.#requestId, value, null);
  }

  #update(requestId: number, value: T | undefined, error: unknown): void {
    if (requestId !== this.#requestId) return;
    this.value = value;
    this.error = error;
    this.loading = false;
  }
}
