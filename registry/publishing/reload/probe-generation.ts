import { request } from 'node:http';

export interface Answer {
  number: number;
  pid: number;
}

/** Which generation responds on NGINX's private socket, on a new connection; null if none does. */
export function probeGeneration(socketPath: string, timeoutMs = 1_000): Promise<Answer | null> {
  return new Promise((resolve) => {
    const outgoing = request(
      { socketPath, path: '/', agent: false, timeout: timeoutMs, headers: { connection: 'close' } },
      (reply) => {
        let text = '';
        reply.setEncoding('utf8');
        reply.on('data', (chunk: string) => (text += chunk));
        reply.on('end', () => {
          const found = /^(\d+) (\d+)\s*$/.exec(text);
          resolve(found === null ? null : { number: Number(found[1]), pid: Number(found[2]) });
        });
        reply.on('error', () => resolve(null));
      },
    );
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', () => resolve(null));
    outgoing.end();
  });
}
