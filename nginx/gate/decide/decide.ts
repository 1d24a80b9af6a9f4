import type { Refusal } from '../answers/refusal.ts';
import { refuse } from '../answers/refuse.ts';
import { refuseKey } from '../answers/wrong-key.ts';
import { judgeBody } from './judge-body.ts';
import { freeBody, readBody, skipBody } from '../request/body/read-body.ts';
import { readId } from '../request/body/read-id.ts';
import type { CallContent } from '../request/body/call-content.ts';
import { forward } from '../upstream/forward/forward.ts';
import { guardNames } from '../request/guard/guard.ts';
import { answerPreflight } from '../request/guard/preflight.ts';
import { readGuard } from '../request/guard/read-guard.ts';
import { admitBody, endCounted } from '../access/limits/index.ts';
import { writeNote } from '../log/note.ts';
import { records } from '../worker/records.ts';
import { isCurrent, judgeCaller, type CallerDecision } from './judge-caller.ts';

/** Updates the records; during a drain, redirects to the location that closes the connection after the reply. */
function refresh(isDraining: boolean): void {
  records.refresh();
  if (isDraining) return;
  const gate = records.gate();
  // Entering this location makes NGINX close the connection after any reply.
  if (gate.ok && gate.drain) ngx.exec('@draining');
}

function note(decision: CallerDecision, content?: CallContent): void {
  if (decision.key !== undefined) ngx.var.mcpgw_who = decision.key.who;
  ngx.var.mcpgw_note = writeNote({
    server: decision.target?.place.path,
    instance: undefined,
    era: content?.era,
    methods: content?.methods ?? [],
    tools: content?.tools ?? [],
    prompts: content?.prompts ?? [],
    resources: content?.resources ?? [],
    recorded: content?.recorded,
  });
}

function refuseUnauthenticated(decision: CallerDecision, refusal: Refusal): void {
  note(decision);
  if (refusal.answer === 'unauthorized' && refusal.reason !== 'key_missing') refuseKey(refusal);
  else refuse(refusal);
}

/** Reads the body of a known agent and decides. Nothing yields between reading the current records and the end. */
function decideKnown(method: string, before: CallerDecision, isDraining: boolean): void {
  const takesBody = method === 'POST';
  const notAdmitted = takesBody && before.key !== undefined ? admitBody(before.key, before.call) : undefined;
  if (notAdmitted !== undefined) {
    note(before);
    refuse(notAdmitted);
    return;
  }
  const body = takesBody ? readBody() : skipBody();
  const bodyKb = (body ?? '').length / 1024;
  refresh(isDraining);
  const decision = before.call !== undefined && isCurrent(before.call) ? before : judgeCaller(method);
  const { call, refusal } = decision;
  if (call === undefined) {
    freeBody(bodyKb);
    if (refusal === undefined) return;
    if (decision.key !== undefined && takesBody) refusal.id = readId(body);
    if (decision.key === undefined) refuseUnauthenticated(decision, refusal);
    else {
      note(decision);
      refuse(refusal);
    }
    return;
  }
  const { content, refusal: bodyRefusal, garbageKb } = judgeBody(call, body);
  // The body has been read and judged: only NGINX still holds memory for it.
  endCounted();
  freeBody(garbageKb ?? bodyKb);
  const finalRefusal = bodyRefusal ?? forward(call, content);
  note(decision, content);
  refuse(finalRefusal);
}

function serve(isDraining: boolean): void {
  const method = ngx.req.get_method();
  if (method === 'OPTIONS' && guardNames(readGuard()) === undefined) {
    refresh(isDraining);
    answerPreflight();
    return;
  }
  let decision = judgeCaller(method);
  if (decision.key === undefined) {
    // Perhaps the key is new: a refusal must be based on records as fresh as those of an admission.
    refresh(isDraining);
    decision = judgeCaller(method);
  }
  if (decision.key === undefined) {
    if (decision.refusal !== undefined) refuseUnauthenticated(decision, decision.refusal);
  } else decideKnown(method, decision, isDraining);
}

/** Decides on every request under a server's path (docs/architecture.md). */
export function decide(): void {
  serve(false);
}

/** The same, in the location that closes connections. */
export function decideDraining(): void {
  serve(true);
}
