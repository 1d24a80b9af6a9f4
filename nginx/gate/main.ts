// The gate: what NGINX calls for every request under a server's path (nginx/templates/main/nginx.hbs).
export { answerBackendRefused } from './answers/backend-refused.ts';
export { answerNotPublished } from './answers/own-answers.ts';
export { refuseReply } from './answers/refuse-reply.ts';
export { answerWrongKey } from './answers/wrong-key.ts';
export { decide, decideDraining } from './decide/decide.ts';
export { failOver } from './forward/fail-over.ts';
export { isDraining } from './start/is-draining.ts';
export { endFilter, filterReply, startFilter } from './lists/filter-reply.ts';
export { answerCounters } from './limits/index.ts';
export { start, startWorker, stopWorker, tryStart } from './start/start.ts';
export { rewriteEndpoint } from './sse/rewrite-endpoint.ts';
export { endRequest } from './streams.ts';
export { tagNewSession } from './session/tag-new.ts';
