// The gate: the functions that NGINX calls for every request under a server's path (nginx/templates/main/nginx.hbs).
export { answerBackendRefused } from './answers/backend-refused.ts';
export { answerNotPublished } from './answers/own-answers.ts';
export { refuseReply } from './answers/refuse-reply.ts';
export { answerWrongKey } from './answers/wrong-key.ts';
export { decide, decideDraining } from './decide/decide.ts';
export { readForwarded } from './request/guard/read-forwarded.ts';
export { failOver } from './upstream/forward/fail-over.ts';
export { admitToRegistry } from './worker/admit-to-registry.ts';
export { endFilter, filterReply, startFilter } from './upstream/lists/filter-reply.ts';
export { answerCounters } from './access/limits/index.ts';
export { start, startWorker, stopWorker, tryStart } from './worker/start/start.ts';
export { rewriteEndpoint } from './upstream/sse/rewrite-endpoint.ts';
export { endRequest } from './worker/streams.ts';
export { tagNewSession } from './upstream/session/tag-new.ts';
