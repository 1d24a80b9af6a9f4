import { refuse, type Refusal } from './answer.ts';
import { readBody, type ReadBody } from './body.ts';
import type { Call } from './call.ts';
import { describeAsked } from './describe-asked.ts';
import { detectEra } from './era.ts';
import { findForbidden } from './grants.ts';
import { findMismatch } from './mirrors.ts';
import { namesOtherCharset } from './other-charset.ts';

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
  if (call.granted === null || call.granted.indexOf(tool) >= 0)
    return {
      answer: 'forbidden',
      reason: 'tool_not_approved',
      message: `the tool ${tool.slice(0, 128)} of ${call.route.path} is new or has changed, and waits for approval`,
      hint: 'ask the operator of this gateway to look at the tool and approve it',
      id: read.id,
    };
  return {
    answer: 'forbidden',
    reason: 'tool_not_granted',
    message: `the agent ${call.agent} may not call ${tool.slice(0, 128)} on ${call.route.path}`,
    hint: 'ask the operator of this gateway to grant the tool',
    id: read.id,
  };
}

/** Notes for the log what the body asks for. */
function takeNote(call: Call, read: ReadBody): void {
  const v = call.r.variables;
  if (call.era === 'legacy' && read.version !== undefined)
    call.era = detectEra(v.http_mcp_protocol_version, read.version);
  v.mcpgw_asked = describeAsked(call.era, read.methods, read.tools);
  call.id = read.id;
}

/** Judges the body of a call (DESIGN §6.3); false: it is refused and answered. */
export function admitBody(call: Call): boolean {
  const r = call.r;
  let body: Buffer | undefined;
  try {
    body = r.requestBuffer;
  } catch (e) {
    // Its chunks were so small that together with their lengths they did not fit; NGINX wrote them to a file, where njs sees nothing.
    refuse(r, unacceptable('body_scattered', 'the body came in too many chunks', 'send Content-Length', null));
    return false;
  }
  if (r.method !== 'POST') {
    if (body === undefined || body.length === 0) return true;
    refuse(r, unacceptable('body_unexpected', `${r.method} takes no body`, 'leave the body out', null));
    return false;
  }
  const encoding = r.variables.http_content_encoding;
  if (encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity') {
    refuse(r, unacceptable('content_encoding', 'the body is encoded', 'send it without Content-Encoding', null));
    return false;
  }
  if (namesOtherCharset(r.variables.content_type ?? '')) {
    refuse(r, unacceptable('charset', 'the body is said not to be UTF-8', 'leave charset out of Content-Type', null));
    return false;
  }
  const read = readBody(body);
  if ('reason' in read) {
    refuse(r, unacceptable(read.reason, read.message, read.hint, read.id));
    return false;
  }
  takeNote(call, read);
  const refusal = judge(call, read);
  if (refusal === null) return true;
  refuse(r, refusal);
  return false;
}
