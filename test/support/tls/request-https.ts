import { connect as connectHttp2, type OutgoingHttpHeaders as Http2Headers } from 'node:http2';
import { request, type RequestOptions } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import type { IncomingHttpHeaders } from 'node:http';

export interface HttpsReply {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/** One HTTPS request on a new connection. */
export function requestHttps(options: RequestOptions & { body?: string }): Promise<HttpsReply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', agent: false, ...options }, (reply) => {
      let text = '';
      reply.on('data', (chunk: Buffer) => (text += chunk.toString()));
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text }));
      reply.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

/** One HTTP/2 request on a new connection. */
export function requestHttp2(
  { port, ca, servername }: { port: number; ca: string; servername: string },
  headers: Http2Headers,
  body?: string,
): Promise<{ status: number; text: string }> {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca, servername });
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    session.on('error', reject);
    const stream = session.request(headers, { endStream: body === undefined });
    let status = 0;
    let text = '';
    stream.on('response', (found) => (status = Number(found[':status'])));
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    stream.on('end', () => resolve({ status, text }));
    stream.on('error', reject);
    stream.end(body);
  }).finally(() => session.close());
}

/** Names and serial number of the certificate that is sent for this name. */
export function readShownCertificate(port: number, servername: string): Promise<{ names: string; serial: string }> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false }, () => {
      const { subjectaltname, serialNumber } = socket.getPeerCertificate();
      socket.destroy();
      resolve({ names: subjectaltname ?? '', serial: serialNumber });
    });
    socket.on('error', reject);
  });
}
