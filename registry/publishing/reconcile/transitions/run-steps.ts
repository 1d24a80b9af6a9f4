import type { StepEvent } from '../events.ts';
import type { Live, PublishState, Run } from '../state.ts';
import { endRun, startTidying } from './end-run.ts';
import { makeRoom, takeProbe, takeRoom } from './start-run.ts';
import type { Transition } from './transition.ts';

function activate(state: PublishState, run: Run, staged: Live): Transition {
  const served = state.live?.number ?? null;
  const next: Run = { ...run, step: 'activating', staged };
  return [{ ...state, run: next }, [{ type: 'activate', staged, served, startedAtMs: run.startedAtMs }]];
}

/** Falls back to the next generation that may still be served; if none is left, it is unknown what NGINX serves. */
function restore(state: PublishState, run: Run, problem: string, atMs: number): Transition {
  const [number, ...fallbacks] = run.fallbacks.filter((fallback) => fallback !== run.staged?.number);
  if (number === undefined) return endFailed(state, run, null, problem, atMs);
  const next: Run = { ...run, step: 'restoring', fallbacks, problem };
  return [{ ...state, run: next }, [{ type: 'restore', number, served: state.live?.number ?? null }]];
}

function endFailed(state: PublishState, run: Run, live: Live | null, problem: string, atMs: number): Transition {
  const number = run.staged?.number ?? run.target;
  // A failed rollback is not the failure of a revision: the rollback itself explains why changes are held back.
  const revision = run.target === null ? (run.staged?.revision ?? run.revision) : (live?.revision ?? 0);
  const [next, effects] = endRun(state, run, { live, number, revision, problem }, atMs);
  if (number === null || run.target !== null) return [next, effects];
  return [next, [{ type: 'recordFailure', number, problem, startedAtMs: run.startedAtMs }, ...effects]];
}

function takeActivation(state: PublishState, run: Run, problem: string | null, atMs: number): Transition {
  if (problem !== null) return restore(state, run, problem, atMs);
  const live = run.staged;
  return endRun(state, run, { live, number: live?.number ?? null, revision: live?.revision ?? 0, problem }, atMs);
}

/** The transition after a step of a run. */
export function takeStep(state: PublishState, run: Run, event: StepEvent & { atMs: number }): Transition {
  const { atMs } = event;
  switch (event.type) {
    case 'probed':
      return takeProbe(state, run, event, atMs);
    case 'drainLimitReached':
      return makeRoom(state, run);
    case 'roomMade':
      return takeRoom(state, run);
    case 'refused': {
      const { revision, problem, rejections } = event;
      return endRun({ ...state, rejections }, run, { live: state.live, number: null, revision, problem }, atMs);
    }
    case 'unchanged': {
      const { revision, rejected, rejections } = event;
      const live = state.live && { ...state.live, revision, rejected };
      return endRun({ ...state, rejections }, run, { live, number: null, revision, problem: null }, atMs);
    }
    case 'staged':
      return activate({ ...state, rejections: event.rejections }, run, event.staged);
    case 'rollbackTested': {
      const { staged, problem } = event;
      if (problem === null) return activate(state, run, staged);
      return endFailed(state, { ...run, staged }, state.live, problem, atMs);
    }
    case 'activated':
      return takeActivation(state, run, event.problem, atMs);
    case 'restored':
      if (!event.isVerified) return restore(state, run, run.problem ?? '', atMs);
      return endFailed(state, run, event.live, run.problem ?? '', atMs);
    case 'flagLowered':
      return startTidying(state, run, atMs);
    case 'stepFailed': {
      const { message, revision = run.revision } = event;
      return endRun(state, run, { live: state.live, number: null, revision, problem: message }, atMs);
    }
    case 'tidied':
      return [{ ...state, run: null }, []];
  }
}
