import { href, uiBase } from '../../lib/api/urls.ts';
import { isLogin, matchRoute, type Route } from '../../lib/navigation/routes.ts';

/** Called before a page is left; resolves false to stay. */
type Guard = () => Promise<boolean>;

/** The current route. The URL is the state: pages read their filters from `query` and write them with `setQuery`. */
class Location {
  path = $state('');
  query = $state.raw(new URLSearchParams());
  readonly route: Route = $derived(matchRoute(this.path));
  #guard: Guard = () => Promise.resolve(true);

  constructor() {
    this.#read();
    addEventListener('popstate', () => this.#read());
  }

  #read(): void {
    const base = uiBase().pathname;
    const relativePath = (): string =>
      window.location.pathname.startsWith(base) ? window.location.pathname.slice(base.length) : '';
    // `login` is not a page (the login form is shown on every page), but users bookmark it: it redirects to the home page.
    if (isLogin(relativePath())) history.replaceState(null, '', base);
    this.path = relativePath();
    this.query = new URLSearchParams(window.location.search);
  }

  /** Navigates within the UI ("/servers/weather?x=1"), unless the guard refuses. */
  async go(to: string, options: { replace?: boolean } = {}): Promise<void> {
    if (!(await this.#guard())) return;
    history[options.replace ? 'replaceState' : 'pushState'](null, '', href(to));
    this.#read();
    scrollTo({ top: 0, behavior: 'instant' });
  }

  /** Writes query parameters into the URL without a history entry; empty values are removed. */
  setQuery(changes: Record<string, string>): void {
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- immutable after it is assigned
    const query = new URLSearchParams(this.query);
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') query.delete(name);
      else query.set(name, value);
    }
    const text = query.toString();
    history.replaceState(null, '', window.location.pathname + (text === '' ? '' : `?${text}`));
    this.query = query;
  }

  /** Calls `guard` before any page is left. */
  guard(guard: Guard): void {
    this.#guard = guard;
  }

  /** Click handler: navigates links of the UI without a page load; other links and modified clicks are left to the browser. */
  onClick = (event: MouseEvent): void => {
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
