import { getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';

it('lowers the priority of its own thread and of no other', async () => {
  const before = getPriority();
  const module = new URL('./lower-priority.ts', import.meta.url).href;
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads');
    const { readlinkSync } = require('node:fs');
    import(${JSON.stringify(module)}).then(({ lowerThreadPriority }) => {
      lowerThreadPriority(19);
      parentPort.postMessage(readlinkSync('/proc/thread-self').split('/').at(-1));
      setInterval(() => undefined, 1_000);
    });`,
    { eval: true },
  );
  try {
    const thread = await new Promise<string>((resolve, reject) =>
      worker.once('message', resolve).once('error', reject),
    );
    expect(getPriority(Number(thread))).toBe(19);
    expect(getPriority()).toBe(before);
  } finally {
    await worker.terminate();
  }
});
