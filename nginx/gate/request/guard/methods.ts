import type { Refusal } from '../../answers/refusal.ts';
import type { Place, Target } from './places.ts';
import type { Endpoint } from './route.ts';

/** The endpoint that a target refers to. If a server has only an SSE stream, http-then-sse clients find it at the address they try first. */
export function endpointOf(target: Target): Endpoint {
  const { endpoint } = target.route;
  return endpoint === 'mcp' && isSseOnly(target.place) ? 'sse' : endpoint;
}

function isSseOnly(place: Place): boolean {
  return !place.endpoints.mcp;
}

/** The methods that a target takes. */
function methodsOf(target: Target): string {
  const { endpoint } = target.route;
  if (endpoint === 'message') return 'POST';
  return endpointOf(target) === 'sse' ? 'GET' : 'GET, POST, DELETE';
}

/** Refuses a method that the endpoint does not take. */
export function refuseMethod(method: string, target: Target): Refusal | undefined {
  const allowed = methodsOf(target);
  if (allowed === method || (allowed.length > 4 && (method === 'POST' || method === 'GET' || method === 'DELETE')))
    return undefined;
  return {
    answer: 'unacceptable',
    reason: 'method_not_allowed',
    message: `this endpoint does not take ${method}`,
    hint:
      isSseOnly(target.place) && allowed === 'GET'
        ? `this server has the legacy SSE transport: use GET /${target.place.path}/sse`
        : `use ${allowed}`,
    status: 405,
    allow: `${allowed}, OPTIONS`,
  };
}
