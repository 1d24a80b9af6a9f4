import { refuse, type Refusal } from './answer.ts';
import { readBody, type ReadBody } from './body.ts';
import type { Call } from './call.ts';
import { detectEra } from './era.ts';
import { findForbidden } from './grants.ts';
import { findMismatch } from './mirrors.ts';

function unacceptable(reason: string, message: string, hint: string, id: string | number | null): Refusal {
  return { answer: 'unacceptable', reason: reason, message: message, hint: hint, id: id };
}

function judge(call: Call, read: ReadBody): Refusal | null {
  const v = call.r.variables;
  const mismatch = findMismatch(v.http_mcp_method, v.http_mcp_name, read.messages);
  if (mismatch !== null)
    return {
      answer: 'mismatch',
      reason: 'header_mismatch',
      message: `the ${mismatch} header and the body disagree`,
      hint: `let ${mismatch} say what the body says, or leave it out`,
      id: read.id,
    };
  if (read.tools.length === 0) return null;
  const tool = findForbidden(read.tools, call.granted, call.server.tools);
  if (tool === undefined) return null;
  return {
    answer: 'forbidden',
    reason: 'tool_not_granted',
    message: `the agent ${call.agent} may not call ${tool.slice(0, 128)} on ${call.route.path}`,
    hint: 'ask the operator of this gateway to grant the tool',
    id: read.id,
  };
}

function takeNote(call: Call, read: ReadBody): void {
  const note = call.note;
  const messages = read.messages;
  for (let i = 0; i < messages.length; i += 1) {
    const message = messages[i];
    if (message !== undefined && message.method !== null) note.methods.push(message.method);
  }
  note.tools = read.tools;
  if (note.era === 'legacy' && read.version !== undefined)
    note.era = detectEra(call.r.variables.http_mcp_protocol_version, read.version);
  call.id = read.id;
}

/** Judges the body of a call (DESIGN §6.3); false: it is refused and answered. */
export function admitBody(call: Call): boolean {
  const r = call.r;
  const note = call.note;
  let body: Buffer | undefined;
  try {
    body = r.requestBuffer;
  } catch (e) {
    // Its chunks were so small that together with their lengths they did not fit; NGINX wrote them to a file, where njs sees nothing.
    refuse(r, note, unacceptable('body_scattered', 'the body came in too many chunks', 'send Content-Length', null));
    return false;
  }
  if (r.method !== 'POST') {
    if (body === undefined || body.length === 0) return true;
    refuse(r, note, unacceptable('body_unexpected', `${r.method} takes no body`, 'leave the body out', null));
    return false;
  }
  const encoding = r.variables.http_content_encoding;
  if (encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity') {
    refuse(r, note, unacceptable('content_encoding', 'the body is encoded', 'send it without Content-Encoding', null));
    return false;
  }
  const read = readBody(body);
  if ('reason' in read) {
    refuse(r, note, unacceptable(read.reason, read.message, read.hint, read.id));
    return false;
  }
  takeNote(call, read);
  const refusal = judge(call, read);
  if (refusal === null) return true;
  refuse(r, note, refusal);
  return false;
}
