import { href, uiBase } from '../../lib/api/urls.ts';
import { isLogin, matchRoute, type Route } from '../../lib/navigation/routes.ts';

/** Asked before a page is left; resolves false to stay. */
type Guard = () => Promise<boolean>;

/** Where the person is. The URL is the state: pages read their filters from `query` and write them with `setQuery`. */
class Location {
  path = $state('');
  query = $state.raw(new URLSearchParams());
  readonly route: Route = $derived(matchRoute(this.path));
  #guard: Guard | null = null;

  constructor() {
    this.#read();
    addEventListener('popstate', () => this.#read());
  }

  #read(): void {
    const base = uiBase().pathname;
    const below = (): string =>
      window.location.pathname.startsWith(base) ? window.location.pathname.slice(base.length) : '';
    // People type or bookmark this address. Whoever is not logged in gets the login page everywhere, so it stands for home.
    if (isLogin(below())) history.replaceState(null, '', base);
    this.path = below();
    this.query = new URLSearchParams(window.location.search);
  }

  /** Goes to a page of the UI ("/servers/weather?x=1"); nowhere if the page being left has something to lose and the person stays. */
  async go(to: string, how: { replace?: boolean } = {}): Promise<void> {
    if (this.#guard !== null && !(await this.#guard())) return;
    this.#guard = null;
    history[how.replace ? 'replaceState' : 'pushState'](null, '', href(to));
    this.#read();
    scrollTo({ top: 0, behavior: 'instant' });
  }

  /** Writes filters into the URL without a new entry in the history; empty values go. */
  setQuery(changes: Record<string, string>): void {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- never changed once it is given away
    const query = new URLSearchParams(this.query);
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') query.delete(name);
      else query.set(name, value);
    }
    const text = query.toString();
    history.replaceState(null, '', window.location.pathname + (text === '' ? '' : `?${text}`));
    this.query = query;
  }

  /** Has `guard` asked before this page is left; gives what takes it away again. */
  guard(guard: Guard): () => void {
    this.#guard = guard;
    return () => {
      if (this.#guard === guard) this.#guard = null;
    };
  }

  /** Follows links of the UI without loading the page anew; all others and all modified clicks are the browser's. */
  follow = (event: MouseEvent): void => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = (event.target as Element | null)?.closest('a');
    if (!link || link.target !== '' || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    const base = uiBase();
    if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) return;
    event.preventDefault();
    void this.go(url.pathname.slice(base.pathname.length) + url.search);
  };
}

export const location = new Location();
