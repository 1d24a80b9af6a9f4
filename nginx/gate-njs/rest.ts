import { decide, decideDraining } from './decide.ts';
import { readBody } from './body.ts';
import { failOver } from './fail-over.ts';
import { isDraining } from './is-draining.ts';
import { answerNotPublished } from './not-published.ts';
import { rewriteEndpoint } from './rewrite-endpoint.ts';
import { tagNewSession } from './tag-session.ts';
import { answerWrongKey } from './wrong-key.ts';

/** All of the gate but the way of an ordinary call (pass-ordinary.ts): what refuses, explains, fails over and rewrites. */
export const rest = {
  answerNotPublished,
  answerWrongKey,
  decide,
  decideDraining,
  failOver,
  isDraining,
  readBody,
  rewriteEndpoint,
  tagNewSession,
};
