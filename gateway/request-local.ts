import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';

/** Where a gateway listens on this machine, and its host name. */
export interface LocalAddress {
  port: number;
  isTls: boolean;
  host: string;
}

interface LocalResponse {
  cookie: string;
  body: unknown;
}

/** Sends a request to the API of the gateway on this machine. Throws connection errors. */
export function requestLocal(
  { port, isTls, host }: LocalAddress,
  { method, path, cookie, body }: { method: string; path: string; cookie?: string; body?: object },
): Promise<LocalResponse> {
  const headers = { host, 'content-type': 'application/json', ...(cookie !== undefined && { cookie }) };
  const options = { host: '127.0.0.1', port, method, path, headers, timeout: 30_000, agent: false };
  return new Promise((resolve, reject) => {
    // On loopback: the certificate is for the public name, and no other host can be reached there.
    const outgoing = isTls ? requestHttps({ ...options, rejectUnauthorized: false }) : requestHttp(options);
    outgoing.once('timeout', () => outgoing.destroy(new Error(`no response to ${method} ${path}`)));
    outgoing.once('error', reject);
    outgoing.once('response', (response) => {
      const cookies = (response.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]);
      text(response)
        .then((read) => {
          resolve({ cookie: cookies.join('; '), body: read === '' ? null : (JSON.parse(read) as unknown) });
        })
        .catch(reject);
    });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
