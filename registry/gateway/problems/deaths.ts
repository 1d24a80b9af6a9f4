import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A process that ended unexpectedly. */
export interface Death {
  /** The service, or `nginx-worker`. */
  what: string;
  atMs: number;
  /** "signal 9", "exit code 1". */
  how: string;
}

const HOUR_MS = 3_600_000;
const SERVICES = ['nginx', 'registry', 'mcpgw-server', 'bridge'];
const SIGTERM = 15;
/** The exit code that s6 reports for a process that was ended by a signal. */
const BY_SIGNAL = 256;
const FIRST_READ_BYTES = 256 * 1024;
const MAX_READ_BYTES = 1024 * 1024;
const WORKER =
  /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d) \[alert\].* worker process \d+ exited (?:on signal (\d+)|with (?:fatal )?code ([1-9]\d*))/;

/** The workers that died according to NGINX's error log. */
export function parseWorkerDeaths(text: string): Death[] {
  return text.split('\n').flatMap((line) => {
    const match = WORKER.exec(line);
    if (match === null) return [];
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
    const how = match[7] === undefined ? `exit code ${match[8] ?? ''}` : `signal ${match[7]}`;
    return [{ what: 'nginx-worker', atMs: new Date(year, month - 1, day, hour, minute, second).getTime(), how }];
  });
}

/** What the finish script of a service wrote: `<epoch s> <exit code, 256 for a signal> <signal>` per line. Services that were stopped are ignored. */
export function parseServiceDeaths(what: string, text: string): Death[] {
  return text.split('\n').flatMap((line) => {
    const [epochS, exitCode, signal] = line.split(' ').map(Number);
    if (epochS === undefined || exitCode === undefined || signal === undefined) return [];
    if (exitCode === 0 || (exitCode === BY_SIGNAL && signal === SIGTERM)) return [];
    return [{ what, atMs: epochS * 1_000, how: exitCode === BY_SIGNAL ? `signal ${signal}` : `exit code ${exitCode}` }];
  });
}

/** Creates the reader of processes that died in the last hour, oldest first. Only new lines of the error log are read. */
export function createDeathReader({ superviseDir, errorLog }: { superviseDir: string; errorLog: string }) {
  let workers: Death[] = [];
  let from: number | null = null;
  let rest = '';

  async function readErrorLog(): Promise<void> {
    const handle = await open(errorLog, 'r').catch(() => null);
    if (handle === null) return;
    try {
      const { size } = await handle.stat();
      // It was rotated.
      if (from !== null && size < from) [from, rest] = [0, ''];
      const start = Math.max(from ?? size - FIRST_READ_BYTES, size - MAX_READ_BYTES, 0);
      if (size <= start) return;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
      from = start + bytesRead;
      const lines = (rest + buffer.subarray(0, bytesRead).toString('utf8')).split('\n');
      rest = (lines.pop() ?? '').slice(-1_000);
      workers.push(...parseWorkerDeaths(lines.join('\n')));
    } finally {
      await handle.close();
    }
  }

  async function readServices(): Promise<Death[]> {
    const texts = await Promise.all(
      SERVICES.map(async (name) =>
        parseServiceDeaths(name, await readFile(join(superviseDir, name, 'deaths'), 'utf8').catch(() => '')),
      ),
    );
    return texts.flat();
  }

  return async (nowMs: number): Promise<Death[]> => {
    await readErrorLog();
    const isRecent = ({ atMs }: Death): boolean => nowMs - atMs < HOUR_MS;
    workers = workers.filter(isRecent);
    return [...workers, ...(await readServices()).filter(isRecent)].sort((a, b) => a.atMs - b.atMs);
  };
}
