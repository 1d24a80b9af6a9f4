import { GATE_ERRORS, type GateError } from '../../contract/index.ts';

interface OwnError {
  /** NGINX's status code; codes above 493 are internal to NGINX and returned as 400. */
  status: number;
  answer: GateError;
  reason: string;
  message: string;
  hint: string;
}

const READ_ON = 'see docs/errors.md';
const REQUEST = 'send a well-formed HTTP/1.1 request';

const OWN: readonly OwnError[] = [
  {
    status: 400,
    answer: 'unacceptable',
    reason: 'bad_request',
    message: 'this is not a valid HTTP request',
    hint: REQUEST,
  },
  { status: 403, answer: 'forbidden', reason: 'forbidden', message: 'this is not allowed', hint: READ_ON },
  {
    status: 404,
    answer: 'unknown_path',
    reason: 'unknown_path',
    message: 'no server is registered at this address',
    hint: 'an address is <gateway>/<path>/mcp; GET /api/servers lists the paths',
  },
  {
    status: 405,
    answer: 'unacceptable',
    reason: 'method_not_allowed',
    message: 'this method is not supported',
    hint: 'use GET, POST or DELETE',
  },
  {
    status: 408,
    answer: 'unacceptable',
    reason: 'too_slow',
    message: 'the request was not received in time',
    hint: 'send it again',
  },
  {
    status: 411,
    answer: 'unacceptable',
    reason: 'length_missing',
    message: 'the request does not state its length',
    hint: 'send Content-Length',
  },
  {
    status: 413,
    answer: 'too_large',
    reason: 'body_too_large',
    message: 'the body is too large',
    hint: 'send less at once, or raise MAX_BODY_BYTES',
  },
  {
    status: 414,
    answer: 'unacceptable',
    reason: 'url_too_long',
    message: 'the URL is too long',
    hint: 'put arguments into the body',
  },
  {
    status: 421,
    answer: 'unacceptable',
    reason: 'misdirected',
    message: 'this host is not served here',
    hint: 'use the address in GATEWAY_URL',
  },
  {
    status: 429,
    answer: 'limited',
    reason: 'too_many_wrong_keys',
    message: 'too many requests with a wrong key came from this address',
    hint: 'wait for the seconds in Retry-After, and use a valid key',
  },
  {
    status: 494,
    answer: 'unacceptable',
    reason: 'headers_too_large',
    message: 'the headers are too large',
    hint: 'send at most 32 KB in one header',
  },
  {
    status: 495,
    answer: 'unacceptable',
    reason: 'bad_certificate',
    message: 'the client certificate is not valid',
    hint: READ_ON,
  },
  {
    status: 496,
    answer: 'unacceptable',
    reason: 'bad_certificate',
    message: 'a client certificate is missing',
    hint: READ_ON,
  },
  {
    status: 497,
    answer: 'unacceptable',
    reason: 'https_needed',
    message: 'this port speaks HTTPS only',
    hint: 'use https:// in the URL',
  },
  {
    // The status that nginx.conf sets for limit_conn, so that it differs from the limit of wrong keys.
    status: 498,
    answer: 'limited',
    reason: 'too_many_connections',
    message: 'too many requests of this address are open at once',
    hint: 'wait for some of them to end, or raise CONNECTIONS_PER_ADDRESS',
  },
  {
    status: 500,
    answer: 'unavailable',
    reason: 'gate_failed',
    message: 'the gateway failed',
    hint: 'the operator of this gateway finds the cause in error.log',
  },
  {
    status: 501,
    answer: 'unacceptable',
    reason: 'not_implemented',
    message: 'the request uses a feature that this gateway does not support',
    hint: REQUEST,
  },
  {
    status: 503,
    answer: 'unavailable',
    reason: 'unavailable',
    message: 'the gateway is too busy',
    hint: 'try again later',
  },
  {
    status: 505,
    answer: 'unacceptable',
    reason: 'http_version',
    message: 'this version of HTTP is not supported',
    hint: 'use HTTP/1.1',
  },
  {
    status: 507,
    answer: 'unavailable',
    reason: 'no_space',
    message: 'the gateway has no space left',
    hint: 'contact the operator of this gateway',
  },
];

/** The status for the client: that of the answer if NGINX's is not a standard status or means a fault of the gateway. */
function statusFor(error: OwnError): number {
  if (error.answer === 'unavailable' || error.answer === 'limited') return GATE_ERRORS[error.answer].status;
  return error.status > 493 && error.status < 500 ? 400 : error.status;
}

/** The answers for every error that NGINX itself can cause, so that an agent never gets HTML. `body` is JSON. */
export const OWN_ERRORS = OWN.map((error) => {
  const status = statusFor(error);
  const { reason, message, hint } = error;
  const { code } = GATE_ERRORS[error.answer];
  const data = { status, reason, hint };
  return {
    caught: error.status,
    isNamed: ![400, 414, 494, 495, 496, 497, 501, 505].includes(error.status),
    status,
    reason,
    body: JSON.stringify({ jsonrpc: '2.0', id: null, error: { code, message, data } }),
    retryAfterS: error.answer === 'limited' ? 30 : null,
    // The log derives reasons from the status that the client got; this one shares it.
    loggedAs: error.status === 498 ? reason : null,
  };
});

const PROBLEMS = [
  { status: 400, title: 'Bad Request', detail: 'this is not a valid HTTP request' },
  { status: 413, title: 'Content Too Large', detail: 'the body is larger than 2 MB' },
  { status: 414, title: 'URI Too Long', detail: 'the URL is too long' },
  { status: 421, title: 'Misdirected Request', detail: 'this host is not served here; add it to ALLOWED_HOSTS' },
  { status: 429, title: 'Too Many Requests', detail: 'too many requests of this address are open at once' },
  { status: 503, title: 'Service Unavailable', detail: 'the registry does not answer; agents are not affected' },
];

/** The same for the registry's URLs, as problem details (RFC 9457). `body` is JSON. */
export const OWN_PROBLEMS = PROBLEMS.map(({ status, title, detail }) => ({
  status,
  body: JSON.stringify({ type: 'about:blank', title, status, detail }),
}));
