import type { ConfigurationStatus } from '../../contract/index.ts';
import type { ChangeOutcome } from './effects.ts';
import type { PublishState, Waiter } from './state.ts';

export interface Configuration {
  configuration: ConfigurationStatus;
  /** Why it is not live; null if it is, or is not supposed to be. */
  message: string | null;
  /** Since when NGINX rejects it, ISO 8601; null: it does not, or the time is unknown. */
  since: string | null;
}

/** Progress of publishing since this start. */
export interface PublishProgress {
  /** False until a first run has ended, successfully or not: NGINX may still serve less than the database contains. */
  hasEndedOnce: boolean;
  /** Why the last run failed, so that an older generation is served; null if it did not. */
  problem: string | null;
}

/** The part of a stored server that determines whether it is applied. */
export interface AppliedServer {
  id: string;
  enabled: boolean;
  removedAt: string | null;
  revision: number;
  instances: readonly { enabled: boolean }[];
}

/** Why the stored configuration is not published at all; null if it is. */
function explainHeld({ rollbackTarget, isRollbackEnding }: PublishState): string | null {
  if (rollbackTarget === null || isRollbackEnding) return null;
  return `Held back: rolled back to generation ${rollbackTarget} until the next change`;
}

/** Whether NGINX serves a server as it is stored. */
export function describeApplied(state: PublishState, server: AppliedServer): Configuration {
  const { live, failure } = state;
  const since = null;
  if (server.removedAt !== null) return { configuration: 'off', message: null, since };
  if (live === null || server.revision > live.revision) {
    const failed = failure !== null && failure.revision >= server.revision ? failure.message : null;
    return { configuration: 'pending', message: failed ?? explainHeld(state), since };
  }
  if (!server.enabled) return { configuration: 'off', message: null, since };
  const rejection = live.rejected.find(({ serverId }) => serverId === server.id);
  if (rejection !== undefined)
    return { configuration: 'rejected', message: rejection.message, since: rejection.since ?? null };
  if (!server.instances.some((instance) => instance.enabled))
    return { configuration: 'off', message: 'Every instance is disabled; enable one', since };
  return { configuration: 'live', message: null, since };
}

/** The outcome for a caller that waits for a revision; null while unknown. */
export function findOutcome(state: PublishState, waiter: Omit<Waiter, 'id'>): ChangeOutcome | null {
  const { live, failure } = state;
  if (live !== null && live.revision >= waiter.revision) {
    const rejection = live.rejected.find(({ serverId }) => serverId === waiter.serverId);
    return { applied: rejection === undefined, generation: live.number, error: rejection?.message ?? null };
  }
  if (failure !== null && failure.revision >= waiter.revision)
    return { applied: false, generation: null, error: failure.message };
  const held = explainHeld(state);
  return held === null ? null : { applied: false, generation: null, error: held };
}

/** Progress of publishing since this start. */
export function describeProgress({ hasEndedOnce, failure }: PublishState): PublishProgress {
  return { hasEndedOnce, problem: failure?.message ?? null };
}
