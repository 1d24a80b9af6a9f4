import { findFreePorts } from '../../test/support/processes/free-ports.ts';
import { startPlainNginx, type PlainNginx } from './plain-nginx.ts';
import { startNodeProcess } from './start-node-process.ts';

/**
 * The usual way to protect servers with keys: NGINX that queries a small Node process for each request (`auth_request`), and forwards.
 * It checks only the key: no tools, no sessions, no credentials, no log. `workers` contains both, for their CPU time.
 */
export async function startAuthRequest(port: number, upstreamPort: number, key: string): Promise<PlainNginx> {
  const [authPort = 0] = await findFreePorts(1);
  const auth = await startNodeProcess('auth-server.ts', authPort, { KEY: key });
  try {
    const nginx = await startPlainNginx(
      port,
      `upstream up { server 127.0.0.1:${upstreamPort}; keepalive 64; keepalive_requests 1000000000; }
upstream auth { server 127.0.0.1:${authPort}; keepalive 64; keepalive_requests 1000000000; keepalive_timeout 4s; }
server {
  listen 127.0.0.1:${port} backlog=1024;
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  location / { auth_request /_auth; proxy_buffering off; proxy_pass http://up; }
  location = /_auth {
    internal;
    proxy_pass_request_body off;
    proxy_set_header Content-Length "";
    proxy_set_header Connection "";
    proxy_pass http://auth/;
  }
}`,
    );
    const anonymous = await fetch(nginx.url, { method: 'POST', body: '{}' });
    if (anonymous.status !== 401) throw new Error(`a call without a key was answered ${anonymous.status}`);
    return {
      ...nginx,
      workers: () => [...nginx.workers(), auth.pid],
      close: async () => {
        await nginx.close();
        await auth.close();
      },
    };
  } catch (error) {
    await auth.close();
    throw error;
  }
}
