import { open, stat } from 'node:fs/promises';

const MAX_BYTES = 64 * 1024;

/** What NGINX wrote to its error log since a point in time. */
export interface ErrorTail {
  /** Lines of level `emerg` since `mark`, without time and pid. */
  emergencies(): Promise<string[]>;
}

/** Marks the current ends of the error logs; a missing one is ignored. */
export async function markErrorLogs(files: readonly string[]): Promise<ErrorTail> {
  const tails = await Promise.all(files.map(markErrorLog));
  return { emergencies: async () => (await Promise.all(tails.map((tail) => tail.emergencies()))).flat() };
}

async function markErrorLog(file: string): Promise<ErrorTail> {
  const from = (await stat(file).catch(() => null))?.size ?? 0;
  return {
    async emergencies() {
      const handle = await open(file, 'r').catch(() => null);
      if (handle === null) return [];
      try {
        const { size } = await handle.stat();
        const start = size < from ? 0 : Math.max(from, size - MAX_BYTES);
        const { buffer, bytesRead } = await handle.read(
          Buffer.alloc(Math.max(0, size - start)),
          0,
          size - start,
          start,
        );
        const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
        return lines.flatMap((line) => {
          const message = /\[emerg\] (?:\d+#\d+: )?(.+)$/.exec(line)?.[1];
          return message === undefined ? [] : [message];
        });
      } finally {
        await handle.close();
      }
    },
  };
}

/** Why NGINX refused a reload; null while it has not. Its retries of a port in use alone are no refusal yet. */
export function findRefusal(emergencies: readonly string[]): string | null {
  const final = emergencies.find((message) => !/^bind\(\) to .* failed/.test(message));
  if (final === undefined) return null;
  const bind = emergencies.find((message) => message.startsWith('bind() to'));
  return bind ?? final;
}
