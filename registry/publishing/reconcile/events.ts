import type { RejectedServer } from '../../contract/index.ts';
import type { Rejections } from '../generations/rejections.ts';
import type { Live } from './state.ts';

/** Events from outside a run. */
export type OutsideEvent =
  | { type: 'recovered'; rollbackTarget: number | null; mustPublish: boolean }
  /** `isChange`: a person or agent changed something, which ends a rollback. */
  | { type: 'publishRequested'; cause: string; isChange: boolean }
  | { type: 'rollbackRequested'; id: number; number: number }
  | { type: 'changesUnderWay'; count: number }
  | { type: 'timerFired' }
  | { type: 'waitRequested'; id: number; revision: number; serverId: string | undefined }
  | { type: 'idleRequested'; id: number }
  | { type: 'closeRequested'; id: number }
  /** Time to check what NGINX serves. */
  | { type: 'checkDue' }
  | { type: 'checked'; isRunning: boolean; served: number | null }
  | { type: 'checkFailed' };

/** NGINX and what it serves, when a run begins. */
export interface Probed {
  /** The generation that responds; null if none does. */
  served: number | null;
  /** The record of `served`; null if `current` does not point to it, so that it must be published again. */
  known: Live | null;
  /** The generation that was last verified, according to the data folder. */
  verified: number | null;
}

/** Results of the steps of a run. */
export type StepEvent =
  | { type: 'probed'; revision: number; nginx: Probed | null; absence: string }
  | { type: 'drainLimitReached' }
  | { type: 'roomMade' }
  /** No configuration passes NGINX's test. */
  | { type: 'refused'; revision: number; problem: string; rejections: Rejections }
  /** The bytes are those that NGINX already serves. */
  | { type: 'unchanged'; revision: number; rejected: readonly RejectedServer[]; rejections: Rejections }
  | { type: 'staged'; staged: Live; rejections: Rejections }
  | { type: 'rollbackTested'; staged: Live; problem: string | null }
  /** `problem` is null when NGINX was verified to serve the generation. */
  | { type: 'activated'; problem: string | null }
  | { type: 'restored'; isVerified: boolean; live: Live | null }
  | { type: 'flagLowered' }
  | { type: 'tidied' }
  | { type: 'stepFailed'; message: string; revision?: number };

export type PublishEvent = OutsideEvent | StepEvent;
