import { request, type Agent } from 'node:http';
import { request as requestHttps } from 'node:https';

/** The outcome of one call. */
export interface Outcome {
  /** `200`; `<status> <reason of the gate>`; `broken <code>` when the connection failed; `wrong answer` when the reply is that of another call. */
  text: string;
  /** Whether it went over a connection that had carried a call before. */
  isReused: boolean;
}

interface Target {
  url: string;
  path: string;
  key: string;
  /** The local address to send from: wrong keys are limited for each. */
  from?: string;
}

interface Answer {
  id?: unknown;
  result?: unknown;
  error?: { code?: number; data?: { reason?: string } };
}

function judge(status: number, text: string, id: number): string {
  let answer: Answer;
  try {
    // A reply may be one event of a stream (`data: {…}`).
    answer = JSON.parse(text.startsWith('{') ? text : text.replace(/^[\s\S]*?data: /, '')) as Answer;
  } catch {
    return `${status} not JSON`;
  }
  if (status !== 200) return `${status} ${answer.error?.data?.reason ?? answer.error?.code ?? ''}`.trim();
  if (answer.id !== id) return 'wrong answer';
  return answer.result === undefined ? `200 error ${answer.error?.code ?? ''}` : '200';
}

/** The outcome of one tools/call of the tool `echo`; it is never repeated and never throws. */
export function callOnce(agent: Agent | false, { url, path, key, from }: Target, id: number): Promise<Outcome> {
  const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'echo', arguments: {} } });
  return new Promise((resolve) => {
    const send = url.startsWith('https:') ? requestHttps : request;
    const sent = send(`${url}/${path}/mcp`, {
      method: 'POST',
      agent,
      ...(from !== undefined && { localAddress: from }),
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'content-length': Buffer.byteLength(body),
      },
    });
    const end = (text: string) => resolve({ text, isReused: sent.reusedSocket });
    const fail = (error: NodeJS.ErrnoException) => end(`broken ${error.code ?? error.message}`);
    sent.on('error', fail);
    sent.on('response', (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('error', fail);
      reply.on('end', () => end(judge(reply.statusCode ?? 0, Buffer.concat(chunks).toString(), id)));
    });
    sent.end(body);
  });
}
