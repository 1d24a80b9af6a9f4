import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listChildren } from '../../test/support/processes/list-processes.ts';
import { runProgram } from '../../test/support/processes/run-program.ts';
import { waitFor } from '../../test/support/wait-for.ts';

export interface PlainNginx {
  url: string;
  /** Pids of its workers, for their CPU time. */
  workers: () => number[];
  close: () => Promise<void>;
}

/** The static upstream's response to every request: the result of a small tool call. */
export const ANSWER =
  '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"Echo: hello from the bench"}]}}';
export const SESSION = '5f0c6f3c-4c5f-4f6e-9d5a-0b2f7f6a1c11';

/** Starts NGINX with one worker, no log and `http` as its http block; `command` selects another NGINX than the system's. Throws with its output. */
export async function startPlainNginx(
  port: number,
  http: string,
  command: readonly string[] = ['nginx'],
): Promise<PlainNginx> {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-bench-'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(' ');
  const conf = join(folder, 'nginx.conf');
  writeFileSync(
    conf,
    `${process.getuid?.() === 0 ? 'user root;' : ''} worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http { access_log off; ${temporary} keepalive_requests 1000000000; ${http} }
`,
  );
  const [file = 'nginx', ...before] = command;
  const program = runProgram(file, [...before, '-e', 'stderr', '-p', folder, '-c', conf, '-g', 'daemon off;'], {});
  const url = `http://127.0.0.1:${port}/mcp`;
  try {
    await waitFor(`NGINX on port ${port}`, async () => {
      return (await fetch(url, { method: 'POST', body: '{}' })).status < 500;
    });
  } catch (error) {
    await program.stop();
    throw new Error(`no NGINX on port ${port}: ${program.stderr()}`, { cause: error });
  }
  return {
    url,
    workers: () => listChildren(program.pid),
    close: async () => {
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An upstream that costs next to nothing: NGINX with one fixed response, so that the cost of the proxy in front of it is visible. */
export function startStaticUpstream(port: number): Promise<PlainNginx> {
  return startPlainNginx(
    port,
    `client_max_body_size 5m; server { listen 127.0.0.1:${port} backlog=1024; location / { default_type application/json; add_header Mcp-Session-Id ${SESSION}; return 200 '${ANSWER}'; } }`,
  );
}

/** The baseline: NGINX that only forwards, with keep-alive on both sides, as in a good configuration. */
export function startBareProxy(port: number, upstreamPort: number, command?: readonly string[]): Promise<PlainNginx> {
  return startPlainNginx(
    port,
    `upstream up { server 127.0.0.1:${upstreamPort}; keepalive 64; keepalive_requests 1000000000; }
server { listen 127.0.0.1:${port} backlog=1024; location / { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_pass http://up; } }`,
    command,
  );
}
