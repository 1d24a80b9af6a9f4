import type { PublishEvent } from './events.ts';
import type { PublishState } from './state.ts';
import { isIdle, startCheck, takeCheck } from './transitions/check.ts';
import { close, wait } from './transitions/end-run.ts';
import { requestPublish, endTimer, gatherAfterRun } from './transitions/gather.ts';
import { takeStep } from './transitions/run-steps.ts';
import { chain, type ReconcileTiming, type Transition } from './transitions/transition.ts';

/** An event with its time on the monotonic clock. */
export type TimedEvent = PublishEvent & { atMs: number };

function continueAfterRun(state: PublishState, timing: ReconcileTiming, atMs: number): Transition {
  if (state.lifecycle === 'closing') return close(state);
  if (state.causes.length > 0) return gatherAfterRun(state, timing, atMs);
  return [{ ...state, idleWaiters: [] }, state.idleWaiters.map((id) => ({ type: 'answerIdle', id }))];
}

/**
 * The publisher's decisions: the next state and the effects. Pure. One run at a time; changes that arrive meanwhile are combined into the next
 * run. Results of steps that arrive when no run is in progress are ignored.
 */
export function reduce(state: PublishState, event: TimedEvent, timing: ReconcileTiming): Transition {
  const { atMs } = event;
  switch (event.type) {
    case 'recovered': {
      const { rollbackTarget, mustPublish } = event;
      if (state.lifecycle !== 'starting') return [state, []];
      return requestPublish({ ...state, lifecycle: 'running', rollbackTarget, mustPublish }, 'Start', atMs);
    }
    case 'publishRequested':
      return requestPublish(event.isChange ? { ...state, isRollbackEnding: true } : state, event.cause, atMs);
    case 'rollbackRequested': {
      const { id, number } = event;
      if (state.lifecycle === 'closing' || state.lifecycle === 'closed')
        return [state, [{ type: 'answerRollback', id, problem: 'The registry is stopping' }]];
      const rollbackWaiters = [...state.rollbackWaiters, { id, number }];
      const targeted = { ...state, rollbackTarget: number, isRollbackEnding: false, rollbackWaiters };
      return requestPublish(targeted, `Rollback to generation ${number}`, atMs);
    }
    case 'changesUnderWay':
      return [{ ...state, changesUnderWay: event.count }, []];
    case 'timerFired':
      return endTimer(state, timing, atMs);
    case 'waitRequested':
      return wait(state, event.id, event.revision, event.serverId);
    case 'idleRequested':
      if (isIdle(state)) return [state, [{ type: 'answerIdle', id: event.id }]];
      return [{ ...state, idleWaiters: [...state.idleWaiters, event.id] }, []];
    case 'closeRequested': {
      const idleWaiters = [...state.idleWaiters, event.id];
      const closing: PublishState = { ...state, lifecycle: 'closing', causes: [], timer: null, idleWaiters };
      return state.run === null ? close(closing) : [closing, [{ type: 'stopTimer' }]];
    }
    case 'checkDue':
      return startCheck(state);
    case 'checked':
      return takeCheck(state, event, timing, atMs);
    case 'checkFailed':
      return [{ ...state, nginx: { ...state.nginx, isBeingChecked: false } }, []];
    default: {
      if (state.run === null) return [state, []];
      const stepped = takeStep(state, state.run, event);
      return event.type === 'tidied' ? chain(stepped, (next) => continueAfterRun(next, timing, atMs)) : stepped;
    }
  }
}
