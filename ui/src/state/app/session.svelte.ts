import type { SessionView } from '@mcpgw/registry/contract';
import { ApiError } from '../../lib/api/api-error.ts';
import { onUnauthorized } from '../../lib/api/request.ts';
import { logIn, logOut, getSession } from '../../lib/api/registry-api.ts';
import { appearance } from './appearance.svelte.ts';

type Phase = 'loading' | 'out' | 'in' | 'unreachable';

/** The current session. When it expires, `expired` opens the login dialog and the failed request waits for the result. */
class Session {
  phase = $state<Phase>('loading');
  user = $state.raw<SessionView | null>(null);
  expired = $state(false);
  readonly canChange = $derived(this.user?.role === 'admin' || this.user?.role === 'operator');
  readonly isAdmin = $derived(this.user?.role === 'admin');
  #waiting: ((renewed: boolean) => void)[] = [];

  constructor() {
    onUnauthorized(() => this.renew());
  }

  /** Loads the session from the registry. */
  async load(): Promise<void> {
    this.phase = 'loading';
    try {
      this.#enter(await getSession());
    } catch (error) {
      this.phase = error instanceof ApiError && error.status === 401 ? 'out' : 'unreachable';
    }
  }

  /** Logs in. Throws the error of the registry. */
  async logIn(username: string, password: string): Promise<void> {
    const before = this.user?.name;
    const user = await logIn(username, password);
    this.#enter(user);
    this.expired = false;
    if (before === undefined || before === user.name) this.#resolveWaiting(true);
    else this.#reload();
  }

  async logOut(): Promise<void> {
    await logOut();
    this.leave();
  }

  /** Ends the session in the UI and shows the login page. */
  leave(): void {
    this.expired = false;
    this.user = null;
    this.phase = 'out';
    this.#resolveWaiting(false);
  }

  /** Asks the user to log in again after the session expired; resolves false if they leave instead. */
  renew(): Promise<boolean> {
    if (this.phase !== 'in') return Promise.resolve(false);
    this.expired = true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #enter(user: SessionView): void {
    this.user = user;
    this.phase = 'in';
    appearance.loadFor(user.name);
  }

  #resolveWaiting(renewed: boolean): void {
    for (const resolve of this.#waiting.splice(0)) resolve(renewed);
  }

  /** Another user logged in: nothing of the previous user may stay in memory. */
  #reload(): void {
    window.location.reload();
  }
}

export const session = new Session();
