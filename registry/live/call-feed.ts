import { callFollow, matchesCall, type CallFilter, type CallView } from '../contract/index.ts';
import type { LiveClient } from './live-client.ts';

/** Calls the listener with the number of calls that were just stored and the latest of them, until the returned function is called. */
export type FollowCalls = (listener: (lines: number, calls: readonly CallView[]) => void) => () => void;

/** Calls of one message; the latest are sent and the others counted. */
const MAX_CALLS = 100;

/** The live call log: a client subscribes to calls with `calls.follow`, and gets them as they are stored. */
export class CallFeed {
  readonly #follow: FollowCalls | undefined;
  readonly #seq: () => number;
  readonly #filters = new Map<LiveClient, CallFilter>();
  #stop: (() => void) | undefined;

  constructor(follow: FollowCalls | undefined, seq: () => number) {
    this.#follow = follow;
    this.#seq = seq;
  }

  /** Handles a message of a client. Anything but a valid `calls.follow` of an operator or admin is answered with `calls.rejected`. */
  read(client: LiveClient, text: string): void {
    const parsed = callFollow.safeParse(parseJson(text));
    if (!parsed.success)
      this.#reject(
        client,
        'Send {"type":"calls.follow","filter":{…}} with the filter of GET /api/calls, or null to stop.',
      );
    else if (client.session.role === 'viewer')
      this.#reject(client, 'Following calls needs the role operator or admin.');
    else if (this.#follow === undefined)
      this.#reject(client, 'Single calls are not stored on this gateway: CALL_STORE is off, or sends them elsewhere.');
    else if (parsed.data.filter === null) this.leave(client);
    else {
      this.#filters.set(client, parsed.data.filter);
      this.#stop ??= this.#follow((_, calls) => this.#publish(calls));
    }
  }

  leave(client: LiveClient): void {
    this.#filters.delete(client);
    if (this.#filters.size === 0) this.close();
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #publish(calls: readonly CallView[]): void {
    for (const [client, filter] of this.#filters) {
      const matching = calls.filter((call) => matchesCall(call, filter));
      if (matching.length === 0) continue;
      const shown = matching.slice(-MAX_CALLS);
      this.#send(client, { type: 'calls.stored', calls: shown, omitted: matching.length - shown.length });
    }
  }

  #reject(client: LiveClient, detail: string): void {
    this.#send(client, { type: 'calls.rejected', detail });
  }

  #send(client: LiveClient, message: object): void {
    const seq = this.#seq();
    client.send([{ seq, text: JSON.stringify({ seq, ...message }) }]);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
