import type { Refusal } from '../../answers/refusal.ts';

/** Refuses a request by what NGINX's maps found in its Host and Origin headers: `host`, `origin` or nothing. */
export function guardNames(found: string): Refusal | undefined {
  if (found === '') return undefined;
  if (found === 'origin')
    return {
      answer: 'forbidden',
      reason: 'origin_refused',
      message: 'pages of this origin may not call here',
      hint: 'add the origin to ALLOWED_ORIGINS if its pages may call',
    };
  return {
    answer: 'forbidden',
    reason: 'host_refused',
    message: 'the Host of this request is not a name of this gateway',
    hint: 'call the address in GATEWAY_URL, or add the name to ALLOWED_HOSTS',
  };
}

/** Refuses a request to switch protocols: a backend's 101 would open a tunnel that outlives every revocation. */
export function refuseUpgrade(): Refusal {
  return {
    answer: 'unacceptable',
    reason: 'upgrade_refused',
    message: 'this gateway does not switch protocols',
    hint: 'send the request without Upgrade; MCP needs none',
  };
}
