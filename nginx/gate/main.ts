// The gate: what NGINX calls for every request under a server's path (DESIGN §6). Bundled to one file by registry/publishing/bundle-gate.ts.
import { answerNotPublished } from './not-published.ts';
import { decide, decideDraining } from './decide.ts';
import { failOver } from './fail-over.ts';
import { isDraining } from './is-draining.ts';
import { rewriteEndpoint } from './rewrite-endpoint.ts';
import { tagNewSession } from './tag-session.ts';
import { answerWrongKey } from './wrong-key.ts';

export default {
  answerNotPublished,
  answerWrongKey,
  decide,
  decideDraining,
  failOver,
  isDraining,
  rewriteEndpoint,
  tagNewSession,
};
