import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { NginxKind } from '../../../support/nginx/nginx-kinds.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { buildLua, readPlatform } from './build-lua.ts';

const main = readFileSync(new URL('gate.lua', import.meta.url), 'utf8');

/** A request that stays with its worker and is queried by lines. */
export interface Line {
  pid: number;
  ask: (line: string) => Promise<string>;
  close: () => void;
}

export interface RecordsOptions {
  kind: NginxKind;
  inotify?: boolean;
  /** The user of the workers, who must be able to read the files. */
  user?: string;
  /** URL that streams go to. */
  upstream?: string;
  platform?: Map<string, string>;
}

function loadModules({ modulesDir }: NginxKind['facts']): string {
  return ['ndk_http_module', 'ngx_http_lua_module'].map((name) => `load_module ${modulesDir}/${name}.so;`).join('\n');
}

/** Paths of the Lua libraries: those of /opt/trixie belong to its NGINX. */
function luaPaths({ name }: NginxKind): string {
  const root = name === 'trixie' ? '/opt/trixie' : '';
  return `lua_package_path "${root}/usr/share/lua/5.1/?.lua;;";
    lua_package_cpath "${root}/usr/lib/x86_64-linux-gnu/lua/5.1/?.so;;";`;
}

function renderConfig(root: string, options: RecordsOptions): string {
  return `${loadModules(options.kind.facts)}
daemon off; worker_processes 2; user ${options.user ?? 'root'}; pid ${root}/nginx.pid; error_log ${root}/error.log notice;
worker_shutdown_timeout 60s;
events { worker_connections 1024; }
http {
  access_log off; client_body_temp_path ${root}/body; proxy_temp_path ${root}/proxy; fastcgi_temp_path ${root}/f; uwsgi_temp_path ${root}/u; scgi_temp_path ${root}/s;
  client_header_timeout 20s; proxy_read_timeout 300s; proxy_buffering off;
  ${luaPaths(options.kind)}
  init_by_lua_block {
    GATE_FOLDER, GATE_INOTIFY = "${root}/top/access", ${options.inotify ?? true}
    gate = assert(loadfile("${root}/gate.lua"))()
  }
  init_worker_by_lua_block { gate.initWorker() }
  server {
    listen unix:${root}/socket;
    location = /lines { content_by_lua_block { gate.lines() } }
    location = /once { content_by_lua_block { gate.once() } }
    location = /stream { content_by_lua_block { gate.stream() } }
    location = /upstream { internal; log_by_lua_block { gate.close() } proxy_pass ${options.upstream ?? 'http://127.0.0.1:9'}; }
  }
}`;
}

/** Starts an NGINX with two workers that runs the records alone, on a new folder. */
export async function startRecords(options: RecordsOptions) {
  const root = mkdtempSync(join(tmpdir(), 'mcpgw-records-'));
  const accessDir = join(root, 'top/access');
  for (const name of ['keys', 'servers']) mkdirSync(join(accessDir, name), { recursive: true });
  writeFileSync(join(root, 'gate.lua'), buildLua(main, options.platform ?? readPlatform()));
  writeFileSync(join(root, 'nginx.conf'), renderConfig(root, options));
  const [program, ...before] = options.kind.command;
  const child = spawn(program, [...before, '-c', join(root, 'nginx.conf'), '-e', join(root, 'error.log')], {
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  const socket = join(root, 'socket');

  async function openLine(): Promise<Line> {
    const client = connect({ path: socket });
    await once(client, 'connect');
    client.on('error', () => undefined);
    const reader = createInterface({ input: client })[Symbol.asyncIterator]();
    const read = async () => {
      const { value, done } = await reader.next();
      if (done === true) throw new Error('the connection was closed');
      return value;
    };
    client.write('GET /lines HTTP/1.0\r\n\r\n');
    const pid = Number((await read()).split(' ')[1]);
    const ask = (line: string) => {
      client.write(`${line}\n`);
      return read();
    };
    return { pid, ask, close: () => client.destroy() };
  }

  return {
    root,
    accessDir,
    socket,
    exited,
    log: () => readFileSync(join(root, 'error.log'), 'utf8'),
    reload: () => child.kill('SIGHUP'),
    /** One line to each of the two workers that accept connections. */
    async openLines(others: readonly number[] = []): Promise<Line[]> {
      const found = new Map<number, Line>();
      const spare: Line[] = [];
      await waitFor('a connection to each worker', async () => {
        const line = await openLine();
        if (found.has(line.pid) || others.includes(line.pid)) spare.push(line);
        else found.set(line.pid, line);
        return found.size === 2;
      });
      for (const line of spare) line.close();
      return [...found.values()];
    },
    async close(): Promise<void> {
      child.kill('SIGTERM');
      await exited;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export type RunningRecords = Awaited<ReturnType<typeof startRecords>>;
