import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Rendering } from '../../../registry/publishing/plan/route-plan.ts';
import { waitFor } from '../wait-for.ts';
import type { NginxKind } from './nginx-kinds.ts';

/** Folders of one NGINX, all below one temporary folder. */
export interface NginxFolders {
  root: string;
  confDir: string;
  accessDir: string;
  logDir: string;
  runDir: string;
}

export interface RunningNginx {
  pid: number;
  /** Writes another rendering and reloads; waits until it serves. */
  reload: (rendering: Rendering, number: number) => Promise<void>;
  errorLog: () => string;
  /** Kills it with all its workers, as a machine that runs out of memory would. */
  kill: () => Promise<void>;
  /** Process ids of its workers, including draining ones. */
  workers: () => number[];
  /** Ends it and waits until it is gone. */
  close: () => Promise<void>;
}

// As root, workers would become a user who cannot read the access files.
const DIRECTIVES = `daemon off;${process.getuid?.() === 0 ? ' user root;' : ''}`;

/** Creates the folders of a plan; remove `root` when done. */
export function createFolders(): NginxFolders {
  const root = mkdtempSync(join(tmpdir(), 'mcpgw-nginx-'));
  const at = (name: string) => join(root, name);
  const folders = { root, confDir: at('conf'), accessDir: at('access'), logDir: at('logs'), runDir: at('run') };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of ['keys', 'servers']) mkdirSync(join(folders.accessDir, name), { mode: 0o700 });
  return folders;
}

/** Writes the files of a rendering into a folder. */
export function writeRendering(folder: string, rendering: Rendering): void {
  for (const [name, text] of Object.entries(rendering)) writeFileSync(join(folder, name), text, { mode: 0o600 });
}

/** The result of `nginx -t` for a rendering that is in `folders.confDir`. */
export function testRendering(kind: NginxKind, folders: NginxFolders): { passed: boolean; output: string } {
  const [program, ...before] = kind.command;
  const args = ['-t', '-p', folders.root, '-c', join(folders.confDir, 'nginx.conf'), '-e', 'stderr', '-g', DIRECTIVES];
  const { status, stderr } = spawnSync(program, [...before, ...args], { encoding: 'utf8' });
  return { passed: status === 0, output: stderr };
}

/** The number of the generation that responds on the private socket; null when none does. */
export function readGenerationNumber(runDir: string): Promise<number | null> {
  return new Promise((resolve) => {
    const outgoing = request({ socketPath: join(runDir, 'generation.sock'), path: '/', agent: false }, (reply) => {
      let text = '';
      reply.on('data', (chunk: Buffer) => (text += chunk.toString()));
      reply.on('end', () => {
        const found = /^(\d+) (\d+)\n$/.exec(text);
        resolve(found === null ? null : Number(found[1]));
      });
    });
    outgoing.on('error', () => {
      resolve(null);
    });
    outgoing.end();
  });
}

/** Child processes of a master. */
function listChildren(master: number): number[] {
  const text = readFileSync(`/proc/${master}/task/${master}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}

/** Workers of a master that are not shutting down, including those that are still being initialised. If started through ld.so, the title of a process is preceded by it. */
function listAccepting(master: number): number[] {
  return listChildren(master).filter((pid) => {
    try {
      const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return /nginx: (worker|master) process/.test(title) && !title.includes('is shutting down');
    } catch {
      return false;
    }
  });
}

/** Starts NGINX with a rendering in its own folders and waits until it responds. Call `close` in any case. */
export async function startNginx(
  kind: NginxKind,
  folders: NginxFolders,
  rendering: Rendering,
  number: number,
): Promise<RunningNginx> {
  writeRendering(folders.confDir, rendering);
  const [program, ...before] = kind.command;
  const args = ['-p', folders.root, '-c', join(folders.confDir, 'nginx.conf'), '-e', 'stderr', '-g', DIRECTIVES];
  const child = spawn(program, [...before, ...args], { cwd: folders.root, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const errorLog = () => {
    try {
      return output + readFileSync(join(folders.logDir, 'error.log'), 'utf8');
    } catch {
      return output;
    }
  };
  const close = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(late);
  };
  try {
    await waitFor('NGINX to respond', async () => {
      if (child.exitCode !== null) return true;
      return (await readGenerationNumber(folders.runDir)) === number;
    });
    if (child.exitCode !== null) throw new Error(`NGINX ended: ${errorLog()}`);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    pid: child.pid ?? 0,
    errorLog,
    close,
    workers: () => listChildren(child.pid ?? 0),
    kill: async () => {
      const pid = child.pid ?? 0;
      const workers = listChildren(pid);
      // The master first, so that it starts no new ones.
      for (const one of [pid, ...workers]) process.kill(one, 'SIGKILL');
      await ended;
      await waitFor('the workers to be gone', () =>
        Promise.resolve(workers.every((one) => !existsSync(`/proc/${one}`))),
      );
      rmSync(join(folders.runDir, 'generation.sock'), { force: true });
    },
    reload: async (next, nextNumber) => {
      writeRendering(folders.confDir, next);
      const pid = child.pid ?? 0;
      const older = new Set(listAccepting(pid));
      child.kill('SIGHUP');
      await waitFor(`generation ${nextNumber}`, async () => {
        if ((await readGenerationNumber(folders.runDir)) !== nextNumber) return false;
        // Workers of the previous generation accept for a while next to the new ones.
        return !listAccepting(pid).some((worker) => older.has(worker));
      });
    },
  };
}

/** Removes the folders of a test. */
export function removeFolders(folders: NginxFolders): void {
  rmSync(folders.root, { recursive: true, force: true });
}
