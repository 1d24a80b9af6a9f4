import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { readPlatform } from './build-lua.ts';
import { startRecords, type RunningRecords } from './start-records.ts';
import { ACCESS_VERSION } from '../../../../registry/contract/gate/access-version.ts';

const KEY = 'a'.repeat(64);
let gate: RunningRecords | undefined;
afterEach(async () => {
  await gate?.close();
  gate = undefined;
});

function writeAccess(accessDir: string, enabled = true): void {
  mkdirSync(join(accessDir, 'keys'), { recursive: true });
  mkdirSync(join(accessDir, 'servers'), { recursive: true });
  const put = (file: string, fields: object) =>
    writeFileSync(join(accessDir, file), JSON.stringify({ v: ACCESS_VERSION, ...fields }), { mode: 0o644 });
  put('gate.json', { drain: false, killed: null, sessionKey: 'k' });
  put(`keys/${KEY}.json`, { agent: 'a', enabled, grants: [{ server: 's', tools: [] }], sessionKey: 'k' });
  put('servers/s.json', { state: 'on', tools: null, instances: [] });
}
function changePlatform(file: string, from: string, to: string): Map<string, string> {
  const platform = readPlatform();
  const changed = platform.get(file)?.replace(from, to);
  if (changed === undefined || changed === platform.get(file)) throw new Error(`${from} does not occur in ${file}`);
  return platform.set(file, changed);
}
async function requestOnce(socketPath: string): Promise<{ status: number | undefined; body: string }> {
  const question = request({ socketPath, path: `/once?key=${KEY}&server=s` }).end();
  const [reply] = (await once(question, 'response')) as [IncomingMessage];
  return { status: reply.statusCode, body: (await text(reply)).trim() };
}

describe.each(NGINX_KINDS)('the gate on $name', (kind) => {
  test.each([
    ['platform/digest', 'uint32_t data[16];', 'uint32_t data[12];', 'SHA256_CTX is laid out differently'],
    ['platform/digest', 'uint32_t bits_low', 'uint32_t more, bits_low', 'SHA256_CTX is laid out differently'],
    ['platform/files', 'uint32_t links, uid, gid;', 'uint64_t links, uid, gid;', 'statx is laid out differently'],
    ['platform/inotify', 'cookie, length;', 'length, cookie;', 'inotify_event is laid out differently'],
  ])('does not start with a wrong layout: %s, %s', async (file, from, to, message) => {
    gate = await startRecords({ kind, platform: changePlatform(file, from, to) });
    const [code] = (await gate.exited) as [number];
    expect(code).not.toBe(0);
    expect(gate.log()).toContain(message);
  });

  test.each([
    ['uint32_t signature; mcpgw_ngx', 'uint64_t before; uint32_t signature; mcpgw_ngx'],
    ['*read, *write; int fd;', '*read, *write; int before, fd;'],
    ['void *data; mcpgw_ngx_event *read', 'mcpgw_ngx_event *read; void *data; mcpgw_ngx_event *before'],
  ])('lets no request pass with a wrong layout of NGINX: %s', async (from, to) => {
    gate = await startRecords({ kind, platform: changePlatform('platform/connection', from, to) });
    writeAccess(gate.accessDir);
    const socket = gate.socket;
    const answer = await waitFor('a reply', () => requestOnce(socket));
    expect(answer.status).toBe(503);
    expect(answer.body).toContain('ngx_connection_t is laid out differently');
    expect(gate.log()).toContain('the gate cannot run: ngx_http_request_t');
  });

  // Only root may start a process of another user.
  test.skipIf(process.getuid?.() !== 0)(
    'checks the files on each request while the system refuses inotify, and returns to inotify later',
    async () => {
      // The limit is per user: another process of this user holds all of it.
      const limit = Number(readFileSync('/proc/sys/fs/inotify/max_user_instances', 'utf8'));
      const hold = `local f = require "ffi" f.cdef "int inotify_init1(int); unsigned sleep(unsigned);"
      for i = 1, ${limit} do f.C.inotify_init1(0) end print "held" io.stdout:flush() f.C.sleep(600)`;
      const holder = spawn('luajit', ['-e', hold], { uid: 65_534, gid: 65_534, stdio: ['ignore', 'pipe', 'inherit'] });
      try {
        await once(holder.stdout, 'data');
        gate = await startRecords({ kind, user: 'nobody nogroup' });
        spawnSync('chmod', ['755', gate.root]);
        writeAccess(gate.accessDir);
        const lines = await gate.openLines();
        for (const line of lines) {
          expect(await line.ask(`ask ${KEY} s`)).toBe('yes');
          expect(await line.ask('stats')).toMatch(/^stat /);
        }
        writeAccess(gate.accessDir, false);
        for (const line of lines) expect(await line.ask(`ask ${KEY} s`)).toBe('disabled');
        expect(gate.log()).toContain(
          'access files are checked for each request, because inotify_init1 failed: Too many open files',
        );
        holder.kill('SIGKILL');
        await once(holder, 'exit');
        for (const line of lines)
          await waitFor(
            'inotify',
            async () =>
              (await line.ask(`ask ${KEY} s`)) === 'disabled' && (await line.ask('stats')).startsWith('inotify'),
          );
        writeAccess(gate.accessDir, true);
        for (const line of lines) expect(await line.ask(`ask ${KEY} s`)).toBe('yes');
      } finally {
        holder.kill('SIGKILL');
      }
    },
  );

  test('detects changes without an event in time, and watches the right folders from then on', async () => {
    gate = await startRecords({ kind });
    writeAccess(gate.accessDir);
    const top = join(gate.root, 'top');
    renameSync(top, join(gate.root, 'one'));
    symlinkSync(join(gate.root, 'one'), top);
    cpSync(join(gate.root, 'one'), join(gate.root, 'two'), { recursive: true });
    writeAccess(join(gate.root, 'two/access'), false);
    const lines = await gate.openLines();
    for (const line of lines) expect(await line.ask(`ask ${KEY} s`)).toBe('yes');

    symlinkSync(join(gate.root, 'two'), `${top}.new`);
    renameSync(`${top}.new`, top);
    for (const line of lines) {
      await waitFor('the change', async () => (await line.ask(`ask ${KEY} s`)) === 'disabled');
      // The same worker, whose watches are on the new folder once it has checked again.
      await line.ask(`ask ${KEY} s`);
    }
    rmSync(join(gate.accessDir, `keys/${KEY}.json`));
    for (const line of lines) expect(await line.ask(`ask ${KEY} s`)).toBe('key_missing');
  });
});
