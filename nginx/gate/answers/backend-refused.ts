import { readBody } from '../request/body/read-body.ts';
import { readId } from '../request/body/read-id.ts';
import { refuse } from './refuse.ts';

/**
 * Answers where a backend says 401 or 403: it refused the gateway's credential, never the agent's, which it does not get. A client that saw
 * the status would begin OAuth, or take the request for wrong (docs/errors.md).
 */
export function answerBackendRefused(): void {
  // What the backend asks for is none of the client's business.
  ngx.header['WWW-Authenticate'] = undefined;
  refuse({
    answer: 'unavailable',
    reason: 'backend_refused',
    message: 'the server refuses the credential of this gateway',
    hint: 'the operator of this gateway enters a valid credential at the headers of the server',
    id: ngx.req.get_method() === 'POST' ? readId(readBody()) : undefined,
  });
}
