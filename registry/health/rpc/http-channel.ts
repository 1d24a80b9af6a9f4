import { createDeadline } from '../transport/deadline.ts';
import { endSession } from '../transport/end-session.ts';
import { POST_HEADERS } from '../transport/media-types.ts';
import { createAnswer, type Answer } from './answer.ts';
import type { Channel, ChannelOptions, RpcRequest } from './channel.ts';
import { applyDialect, UNAGREED, type Dialect } from './dialect.ts';
import { readReply } from './read-reply.ts';

/** A Streamable HTTP endpoint. The session that a reply opens is used from then on, and ended by `close`. */
export function createHttpChannel({ url, query, headers, recording, signal }: ChannelOptions): Channel {
  let lastId = 0;
  let dialect: Dialect = UNAGREED;

  async function post(request: RpcRequest, id: number | null): Promise<Answer> {
    const { method, timeoutMs } = request;
    const applied = applyDialect(method, request.params, request.dialect);
    const { sessionId } = recording;
    dialect = request.dialect;
    const answer = createAnswer(method, url, timeoutMs);
    const deadline = createDeadline(timeoutMs, signal);
    try {
      const response = await recording.fetch(url + query, {
        method: 'POST',
        headers: {
          ...headers,
          ...POST_HEADERS,
          ...applied.headers,
          ...(sessionId === null || dialect.era === 'modern' ? {} : { 'mcp-session-id': sessionId }),
        },
        body: JSON.stringify({ jsonrpc: '2.0', ...(id === null ? {} : { id }), method, params: applied.params }),
        signal: deadline.signal,
      });
      if (id === null) await response.body?.cancel();
      else Object.assign(answer, await readReply(response, id));
    } catch (error) {
      answer.error = error;
    } finally {
      deadline.done();
    }
    answer.evidence = recording.last;
    return answer;
  }

  return {
    request: (request) => post(request, (lastId += 1)),
    notify: (request) => post(request, null),
    close: () => endSession(recording, { url: url + query, headers, protocolVersion: dialect.version ?? undefined }),
  };
}
