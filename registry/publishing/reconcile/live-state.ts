import type { AppliedStatus, SetAside } from '../../contract/index.ts';

/** What NGINX was last proven to serve. */
export interface Live {
  number: number;
  revision: number;
  fingerprint: string;
  setAside: readonly SetAside[];
}

export interface PublishFailure {
  /** The revision that could not be made live. */
  revision: number;
  number: number | null;
  message: string;
}

export interface Applied {
  applied: AppliedStatus;
  /** Why it is not live, in words; null when it is, or is meant not to be. */
  message: string | null;
}

/** How far publishing got since this start. */
export interface PublishProgress {
  /** False until a first run has ended, well or not: NGINX may still serve less than the database says. */
  hasEndedOnce: boolean;
  /** Why the last run failed, so that something older serves; null when it did not. */
  problem: string | null;
}

export interface ChangeOutcome {
  applied: boolean;
  generation: number | null;
  error: string | null;
}

/** What of a stored server decides whether it is applied. */
export interface AppliedServer {
  id: string;
  enabled: boolean;
  removedAt: string | null;
  revision: number;
  instances: readonly { enabled: boolean }[];
}

export interface LiveState {
  live: Live | null;
  failure: PublishFailure | null;
  /** Whether a run has ended since the start. One that found no NGINX does not count: nothing serves, and it is repeated when NGINX is there. */
  hasEndedOnce: boolean;
  /** The generation that was rolled back to; background publishing keeps to it. */
  pinned: number | null;
  /** Whether a change has come since, so that the next run ends the rollback. */
  unpin: boolean;
  /** Whether NGINX serves a server as it is stored, from memory. */
  applied(server: AppliedServer): Applied;
  /** Resolves when a proven generation renders at least this revision, or when it could not be published, or when a rollback holds it back. */
  whenLive(revision: number, serverId?: string): Promise<ChangeOutcome>;
  /** Answers those who wait, after `live` or `failure` was set. */
  settle(): void;
  /** Answers all who wait that nothing comes any more. */
  giveUp(message: string): void;
}

interface Waiter {
  revision: number;
  serverId: string | undefined;
  resolve: (outcome: ChangeOutcome) => void;
}

/** Makes the memory of what is live: what the API shows, and who waits for it. */
export function createLiveState(): LiveState {
  let waiters: Waiter[] = [];

  /** Why what is stored is not even tried; null when it is. */
  function explainHeld(): string | null {
    if (state.pinned === null || state.unpin) return null;
    return `held back: rolled back to generation ${state.pinned}, until the next change`;
  }

  function answer(waiter: Waiter): ChangeOutcome | null {
    const { live, failure } = state;
    if (live !== null && live.revision >= waiter.revision) {
      const aside = live.setAside.find(({ serverId }) => serverId === waiter.serverId);
      return { applied: aside === undefined, generation: live.number, error: aside?.message ?? null };
    }
    if (failure !== null && failure.revision >= waiter.revision)
      return { applied: false, generation: null, error: failure.message };
    const held = explainHeld();
    return held === null ? null : { applied: false, generation: null, error: held };
  }

  const state: LiveState = {
    live: null,
    failure: null,
    hasEndedOnce: false,
    pinned: null,
    unpin: false,

    applied(server) {
      const { live, failure } = state;
      if (server.removedAt !== null) return { applied: 'off', message: null };
      if (live === null || server.revision > live.revision) {
        const failed = failure !== null && failure.revision >= server.revision ? failure.message : null;
        return { applied: 'pending', message: failed ?? explainHeld() };
      }
      if (!server.enabled) return { applied: 'off', message: null };
      const aside = live.setAside.find(({ serverId }) => serverId === server.id);
      if (aside !== undefined) return { applied: 'set_aside', message: aside.message };
      if (!server.instances.some((instance) => instance.enabled))
        return { applied: 'off', message: 'every instance is disabled; enable one' };
      return { applied: 'live', message: null };
    },

    whenLive(revision, serverId) {
      return new Promise((resolve) => {
        const waiter = { revision, serverId, resolve };
        const now = answer(waiter);
        if (now === null) waiters.push(waiter);
        else resolve(now);
      });
    },

    settle() {
      const open = waiters;
      waiters = [];
      for (const waiter of open) {
        const now = answer(waiter);
        if (now === null) waiters.push(waiter);
        else waiter.resolve(now);
      }
    },

    giveUp(message) {
      for (const waiter of waiters.splice(0)) waiter.resolve({ applied: false, generation: null, error: message });
    },
  };
  return state;
}
