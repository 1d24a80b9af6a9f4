import { readBody } from '../request/body/read-body.ts';
import { readId } from '../request/body/read-id.ts';
import { refuse } from './refuse.ts';

/**
 * Responds when a backend returns 401 or 403: it refused the gateway's credential, never the agent's, which it does not get. A client that saw
 * the status would begin OAuth, or treat the request as invalid (docs/errors.md).
 */
export function answerBackendRefused(): void {
  // The backend's challenge does not concern the client.
  ngx.header['WWW-Authenticate'] = undefined;
  refuse({
    answer: 'unavailable',
    reason: 'backend_refused',
    message: 'the server refuses the credential of this gateway',
    hint: 'the operator of this gateway must enter a valid credential in the headers of the server',
    id: ngx.req.get_method() === 'POST' ? readId(readBody()) : undefined,
  });
}
