import type { Effect } from './effects.ts';
import type { PublishEvent, Probed } from './events.ts';
import { reduce } from './reduce.ts';
import { createInitialState, type Live, type PublishState } from './state.ts';

/** Timing for the tests of the reducer; readable numbers. */
export const TIMING = { quietMs: 50, longestMs: 250, retryMs: 1_000, startLimitMs: 10_000 };

export function createLive(number: number, revision: number, rejected: string[] = []): Live {
  const servers = rejected.map((serverId) => ({ serverId, path: serverId, message: 'NGINX: no' }));
  return { number, revision, fingerprint: `f${number}`, rejected: servers };
}

/** Sends events to the reducer one after another, on a clock that the test sets, and returns the effects of each. */
export function createDriver() {
  let nowMs = 1_000;
  let state: PublishState = createInitialState(nowMs);
  let lastId = 0;
  const answers = new Map<number, unknown>();

  function send(event: PublishEvent): readonly Effect[] {
    const [next, effects] = reduce(state, { ...event, atMs: nowMs }, TIMING);
    state = next;
    for (const effect of effects) {
      if (effect.type === 'answer') answers.set(effect.id, effect.outcome);
      if (effect.type === 'answerRollback') answers.set(effect.id, effect.problem);
      if (effect.type === 'answerIdle') answers.set(effect.id, 'idle');
    }
    return effects;
  }
  const requestPublish = (cause: string, isChange = true) => send({ type: 'publishRequested', cause, isChange });
  const types = (effects: readonly Effect[]) => effects.map(({ type }) => type);

  return {
    send,
    requestPublish,
    types,
    get state() {
      return state;
    },
    /** The answer that a waiter got; undefined while it waits. */
    answerOf: (id: number) => answers.get(id),
    pass(ms: number): void {
      nowMs += ms;
    },
    wait(revision: number, serverId?: string): number {
      send({ type: 'waitRequested', id: ++lastId, revision, serverId });
      return lastId;
    },
    rollBack(number: number): number {
      send({ type: 'rollbackRequested', id: ++lastId, number });
      return lastId;
    },
    close(): number {
      send({ type: 'closeRequested', id: ++lastId });
      return lastId;
    },
    probed: (revision: number, nginx: Partial<Probed> | null = {}) =>
      send({
        type: 'probed',
        revision,
        absence: 'NGINX is not running',
        nginx: nginx && { served: state.live?.number ?? null, known: null, verified: null, ...nginx },
      }),
    staged: (staged: Live) => send({ type: 'staged', staged, rejections: new Map() }),
    /** Lowers the flag, answers waiters and removes old generations. */
    finish(): readonly Effect[] {
      return [...send({ type: 'flagLowered' }), ...send({ type: 'tidied' })];
    },
    /** Completes the first run after the start, after which NGINX serves `live`. */
    start(live: Live): void {
      send({ type: 'recovered', rollbackTarget: null, mustPublish: false });
      send({ type: 'timerFired' });
      this.probed(live.revision);
      this.staged(live);
      send({ type: 'activated', problem: null });
      this.finish();
    },
    /** Completes the requested run, after which NGINX serves `live`. */
    publish(live: Live): void {
      send({ type: 'timerFired' });
      this.probed(live.revision);
      this.staged(live);
      send({ type: 'activated', problem: null });
      this.finish();
    },
  };
}
