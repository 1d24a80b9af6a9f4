import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Where calls are sent, and their content besides the body. */
export interface Target {
  url: string;
  headers: Record<string, string>;
  /** Sent instead of the usual call. */
  bodyFile?: string;
  /** Keys, one per line, that are sent in turn. */
  keysFile?: string;
}

export interface Load {
  connections: number;
  seconds: number;
}

export interface Measured {
  requests: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

interface Report {
  requests: number;
  durationUs: number;
  p50Us: number;
  p99Us: number;
  errors: number;
}

/** Sends tools/call for some seconds with wrk, each with a unique id. Throws when any response was not 2xx or any socket failed: such numbers are meaningless. */
export async function measureCalls(target: Target, { connections, seconds }: Load): Promise<Measured> {
  const { stdout } = await promisify(execFile)('wrk', [
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    '10s',
    '-s',
    join(import.meta.dirname, 'call.lua'),
    target.url,
    '--',
    ...(target.bodyFile === undefined ? [] : [`body=${target.bodyFile}`]),
    ...(target.keysFile === undefined ? [] : [`keys=${target.keysFile}`]),
    ...Object.entries(target.headers).map(([name, value]) => `${name}: ${value}`),
  ]);
  const line = stdout.split('\n').find((text) => text.startsWith('REPORT '));
  if (line === undefined) throw new Error(`wrk did not report: ${stdout}`);
  const report = JSON.parse(line.slice('REPORT '.length)) as Report;
  if (report.errors > 0) throw new Error(`${report.errors} of ${report.requests} calls to ${target.url} failed`);
  return {
    requests: report.requests,
    perSecond: report.requests / (report.durationUs / 1e6),
    p50Ms: report.p50Us / 1000,
    p99Ms: report.p99Us / 1000,
  };
}
