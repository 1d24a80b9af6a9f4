import { open, stat } from 'node:fs/promises';

const MOST_BYTES = 64 * 1024;

/** What NGINX wrote to its error log since a moment. */
export interface ErrorTail {
  /** Lines of level `emerg` since `mark`, without time and pid. */
  emergencies(): Promise<string[]>;
}

/** Marks the ends of the error logs now; nothing is read of those that are not there. */
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
        const start = size < from ? 0 : Math.max(from, size - MOST_BYTES);
        const { buffer, bytesRead } = await handle.read(
          Buffer.alloc(Math.max(0, size - start)),
          0,
          size - start,
          start,
        );
        const lines = buffer.subarray(0, bytesRead).toString('utf8').split('\n');
        return lines.flatMap((line) => {
          const words = /\[emerg\] (?:\d+#\d+: )?(.+)$/.exec(line)?.[1];
          return words === undefined ? [] : [words];
        });
      } finally {
        await handle.close();
      }
    },
  };
}

/** Why NGINX refused a reload, once it has: its retries of a taken port alone do not say so yet. */
export function findRefusal(emergencies: readonly string[]): string | null {
  const final = emergencies.find((words) => !/^bind\(\) to .* failed/.test(words));
  if (final === undefined) return null;
  const bind = emergencies.find((words) => words.startsWith('bind() to'));
  return bind ?? final;
}
