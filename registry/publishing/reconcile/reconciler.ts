import type { ChangeOutcome, Effect } from './effects.ts';
import type { PublishEvent } from './events.ts';
import { reduce } from './reduce.ts';
import type { WorldEffect } from './run-effects.ts';
import { createInitialState, type PublishState } from './state.ts';
import type { ReconcileTiming } from './transitions/transition.ts';

export interface Reconciler {
  /** The current state. */
  state(): PublishState;
  dispatch(event: PublishEvent): void;
  /** Resolves when NGINX is verified to serve at least this revision, or when that failed, or when a rollback holds it back. */
  whenLive(revision: number, serverId?: string): Promise<ChangeOutcome>;
  /** Resolves when no publish is running or pending. */
  idle(): Promise<void>;
  /** Makes NGINX serve an older generation; resolves to null, or to the reason why it cannot. */
  rollBack(number: number): Promise<string | null>;
  /** Accepts no more requests and resolves when the current run has ended. */
  close(): Promise<void>;
}

export interface ReconcilerDeps {
  timing: ReconcileTiming;
  /** How often NGINX is checked. */
  checkMs: number;
  runEffect: (effect: WorldEffect) => Promise<PublishEvent | undefined>;
}

/** Creates the reconciler: it holds the state, passes every event to `reduce` and runs the effects in order. */
export function createReconciler({ timing, checkMs, runEffect }: ReconcilerDeps): Reconciler {
  let state = createInitialState(performance.now());
  let timer: NodeJS.Timeout | undefined;
  let lastId = 0;
  const answers = new Map<number, (answer: never) => void>();
  const queue: PublishEvent[] = [];
  let isReducing = false;

  function answer(id: number, value: unknown): void {
    answers.get(id)?.(value as never);
    answers.delete(id);
  }

  async function perform(effects: readonly Effect[]): Promise<void> {
    for (const effect of effects) {
      switch (effect.type) {
        case 'startTimer':
          clearTimeout(timer);
          timer = setTimeout(dispatch, effect.afterMs, { type: 'timerFired' });
          break;
        case 'stopTimer':
          clearTimeout(timer);
          break;
        case 'answer':
          answer(effect.id, effect.outcome);
          break;
        case 'answerRollback':
          answer(effect.id, effect.problem);
          break;
        case 'answerIdle':
          answer(effect.id, undefined);
          break;
        default: {
          const event = await runEffect(effect);
          if (event !== undefined) dispatch(event);
        }
      }
    }
  }

  // An effect may emit an event whose listener requests a publish: that request is handled after the transition is complete.
  function dispatch(event: PublishEvent): void {
    queue.push(event);
    if (isReducing) return;
    isReducing = true;
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [after, effects] = reduce(state, { ...next, atMs: performance.now() }, timing);
        state = after;
        void perform(effects);
      }
    } finally {
      isReducing = false;
    }
  }

  function request<Answer>(createEvent: (id: number) => PublishEvent): Promise<Answer> {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve) => {
      answers.set(id, resolve);
      dispatch(createEvent(id));
    });
  }

  const checks = setInterval(() => dispatch({ type: 'checkDue' }), checkMs).unref();

  return {
    state: () => state,
    dispatch,
    whenLive: (revision, serverId) => request((id) => ({ type: 'waitRequested', id, revision, serverId })),
    idle: () => request((id) => ({ type: 'idleRequested', id })),
    rollBack: (number) => request((id) => ({ type: 'rollbackRequested', id, number })),
    async close() {
      clearInterval(checks);
      await request((id) => ({ type: 'closeRequested', id }));
    },
  };
}
