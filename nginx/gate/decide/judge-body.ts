import type { Refusal } from '../answers/refusal.ts';
import type { Call } from './judge-caller.ts';
import { judgeMessages } from '../access/rules/judge-messages.ts';
import type { CallContent } from '../request/body/call-content.ts';
import { recordArguments } from '../log/recording/record-call.ts';
import { detectEra } from '../request/body/era.ts';
import { findMismatch } from '../request/body/match-headers.ts';
import { namesOtherCharset } from '../request/body/other-charset.ts';
import { readMessages, type Messages } from '../request/body/read-messages.ts';

/** What a call requests, and why it is refused if it is. */
export interface Judged {
  content: CallContent;
  refusal: Refusal | undefined;
  /** Memory that Lua's collector can free after reading it; absent: it was not read. */
  garbageKb?: number;
}

function unacceptable(reason: string, message: string, hint: string): Refusal {
  return { answer: 'unacceptable', reason, message, hint };
}

/** Refuses a body that a header declares as something other than JSON in UTF-8. */
function refuseCoding(): Refusal | undefined {
  const v = ngx.var;
  const encoding = v.http_content_encoding;
  if (encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity')
    return unacceptable('content_encoding', 'the body is encoded', 'send it without Content-Encoding');
  if (namesOtherCharset(v.content_type ?? ''))
    return unacceptable('charset', 'Content-Type names a charset other than UTF-8', 'leave out the charset');
  return undefined;
}

function refuseMismatch(messages: Messages): Refusal | undefined {
  const v = ngx.var;
  const mismatch = findMismatch(v.http_mcp_method, v.http_mcp_name, messages.all);
  if (mismatch === undefined) return undefined;
  return {
    answer: 'mismatch',
    reason: 'header_mismatch',
    message: `the ${mismatch} header and the body disagree`,
    hint: `set ${mismatch} to the value in the body, or leave it out`,
  };
}

const NONE: readonly string[] = [];

/** For a body that is empty or not read. */
function noContent(version: string | undefined): CallContent {
  const era = detectEra(version, undefined);
  return { era, id: undefined, count: 1, methods: NONE, tools: NONE, prompts: NONE, resources: NONE };
}

/** Judges the body of a call; undefined: it could not be read. */
export function judgeBody(call: Call, body: string | undefined): Judged {
  const version = ngx.var.http_mcp_protocol_version;
  if (body === undefined)
    return {
      content: noContent(version),
      refusal: unacceptable('body_unreadable', 'the body could not be read', 'send it again'),
    };
  if (call.method !== 'POST') {
    const content = noContent(version);
    if (body === '') return { content, refusal: undefined };
    const refusal = unacceptable('body_unexpected', `${call.method} takes no body`, 'leave the body out');
    return { content, refusal };
  }
  const coding = refuseCoding();
  if (coding !== undefined) return { content: noContent(version), refusal: coding };
  const { messages, refusal, garbageKb } = readMessages(body);
  if (messages === undefined) return { content: noContent(version), refusal, garbageKb };
  const { id, methods, tools, prompts, resources } = messages;
  const notAllowed = refuseMismatch(messages) ?? judgeMessages(call, messages.all);
  if (notAllowed !== undefined) notAllowed.id = id;
  const recorded = recordArguments(call.server, methods, body);
  const content = {
    era: detectEra(version, messages.version),
    id,
    count: messages.all.length,
    methods,
    tools,
    prompts,
    resources,
    recorded,
  };
  return { content, refusal: notAllowed, garbageKb };
}
