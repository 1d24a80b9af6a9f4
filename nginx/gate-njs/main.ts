// The gate: what NGINX calls for every request under a server's path (DESIGN §6). Bundled to one file by registry/publishing/bundle-gate.ts.
import type { GateRequest } from './njs.d.ts';
import { openRest } from './open-rest.ts';
import { passOrdinary } from './pass-ordinary.ts';

export default {
  answerNotPublished: (r: GateRequest) => openRest().answerNotPublished(r),
  answerWrongKey: (r: GateRequest) => openRest().answerWrongKey(r),
  decide: (r: GateRequest) => {
    if (!passOrdinary(r)) openRest().decide(r);
  },
  decideDraining: (r: GateRequest) => openRest().decideDraining(r),
  failOver: (r: GateRequest) => openRest().failOver(r),
  isDraining: (r: GateRequest) => openRest().isDraining(r),
  rewriteEndpoint: (r: GateRequest, chunk: Buffer, flags: { last: boolean }) =>
    openRest().rewriteEndpoint(r, chunk, flags),
  tagNewSession: (r: GateRequest) => openRest().tagNewSession(r),
};
