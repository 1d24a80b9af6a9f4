import { expect, test } from 'vitest';
import { createExecute } from './create-execute.ts';

test('an agent has at most 100 sessions; the error explains the limit, and other agents are not affected', async () => {
  const execute = createExecute({
    gateway: { origin: 'http://127.0.0.1:9', host: 'gateway' },
    find: () => Promise.reject(new Error('no server is called')),
  });
  try {
    const other = execute.open('other');
    const ids = Array.from({ length: 100 }, () => execute.open('busy'));
    expect(new Set(ids).size).toBe(100);
    let thrown: unknown;
    try {
      execute.open('busy');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      code: 'limited',
      message: expect.stringContaining('100 sessions'),
      hint: expect.stringContaining('X-Session-ID'),
      retryAfterS: expect.any(Number),
    });
    expect((thrown as { retryAfterS: number }).retryAfterS).toBeGreaterThan(0);
    expect(execute.open('other')).not.toBe(other);
  } finally {
    await execute.close();
  }
});
