import { request } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { readText } from '../../lib/read-text.ts';
import { GENERATION_SOCKET } from './run-dir.ts';

const TIMEOUT_MS = 2_000;
const MAX_BYTES = 1_048_576;
/** Names per request: each takes 33 bytes of the request line. */
const MAX_NAMES = 200;

const number = z.number().nullable();
const answer = z.record(z.string(), z.tuple([number, number, z.int(), z.int(), z.int()]));

function requestText(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const outgoing = request({ socketPath, path, agent: false, signal }, (reply) => {
      if (reply.statusCode === 200) resolve(readText(reply as AsyncIterable<Buffer>, MAX_BYTES));
      else reject(new Error(`answered ${reply.resume().statusCode}`));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** Requests counters of limits, by their names, from the NGINX of a run folder; undefined if it does not respond. */
export function createCounterReader(runDir: string) {
  const socket = join(runDir, GENERATION_SOCKET);
  return async (names: readonly string[]) => {
    const found = new Map<
      string,
      { fullAtMs: number | null; today: number | null; calls: number; streams: number; largeBodies: number }
    >();
    try {
      for (let at = 0; at < names.length; at += MAX_NAMES) {
        const text = await requestText(socket, `/counters?${names.slice(at, at + MAX_NAMES).join(',')}`);
        for (const [name, [fullAtMs, today, calls, streams, largeBodies]] of Object.entries(
          answer.parse(JSON.parse(text)),
        ))
          found.set(name, { fullAtMs, today, calls, streams, largeBodies });
      }
    } catch {
      return undefined;
    }
    return found;
  };
}
