import { refuse } from './answer.ts';
import type { GateRequest } from './njs.d.ts';

/** Answers below /_up/ where this generation has no location: the registry knows an instance that is not published yet. */
export function answerNotPublished(r: GateRequest): void {
  refuse(r, {
    answer: 'unavailable',
    reason: 'not_published',
    message: 'this server is not published yet',
    hint: 'try again in a moment',
  });
}
