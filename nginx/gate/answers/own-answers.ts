import { refuse } from './refuse.ts';

/** Responds below `upstream/` where this generation has no location: the registry knows an instance that is not published yet. */
export function answerNotPublished(): void {
  refuse({
    answer: 'unavailable',
    reason: 'not_published',
    message: 'this server is not published yet',
    hint: 'try again in a moment',
  });
}
