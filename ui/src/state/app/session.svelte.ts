import type { SessionView } from '@mcpgw/registry/contract';
import { ApiError } from '../../lib/api/api-error.ts';
import { onUnauthorized } from '../../lib/api/request.ts';
import { logIn, logOut, whoAmI } from '../../lib/api/registry-api.ts';
import { look } from './appearance.svelte.ts';

type Phase = 'asking' | 'out' | 'in' | 'unreachable';

/** Who is logged in. When a session ends while somebody works, `expired` opens the dialog and the failed request waits for its outcome. */
class Session {
  phase = $state<Phase>('asking');
  who = $state.raw<SessionView | null>(null);
  expired = $state(false);
  readonly canChange = $derived(this.who?.role === 'admin' || this.who?.role === 'operator');
  readonly isAdmin = $derived(this.who?.role === 'admin');
  #waiting: ((again: boolean) => void)[] = [];

  constructor() {
    onUnauthorized(() => this.askAgain());
  }

  /** Asks the registry who is logged in. */
  async find(): Promise<void> {
    this.phase = 'asking';
    try {
      this.#enter(await whoAmI());
    } catch (error) {
      this.phase = error instanceof ApiError && error.status === 401 ? 'out' : 'unreachable';
    }
  }

  /** Logs in; throws what the registry says. */
  async logIn(username: string, password: string): Promise<void> {
    const before = this.who?.name;
    const who = await logIn(username, password);
    this.#enter(who);
    this.expired = false;
    if (before === undefined || before === who.name) this.#settle(true);
    else this.#reload();
  }

  async logOut(): Promise<void> {
    await logOut();
    this.leave();
  }

  /** The session is over and is not to be taken up again: back to the login page. */
  leave(): void {
    this.expired = false;
    this.who = null;
    this.phase = 'out';
    this.#settle(false);
  }

  /** The session has ended on the server: asks the person to log in again; resolves false when they rather leave. */
  askAgain(): Promise<boolean> {
    if (this.phase !== 'in') return Promise.resolve(false);
    this.expired = true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #enter(who: SessionView): void {
    this.who = who;
    this.phase = 'in';
    look.use(who.name);
  }

  #settle(again: boolean): void {
    for (const resolve of this.#waiting.splice(0)) resolve(again);
  }

  /** Somebody else logged in: nothing of the person before may stay on the screen. */
  #reload(): void {
    window.location.reload();
  }
}

export const session = new Session();
