import { expect, test } from 'vitest';
import { SCAN_CASES } from './cases/index.ts';
import { scanBody, SCAN_LIMITS } from './index.ts';
import { describeResult, scanInLua } from './test/in-lua.ts';

const scan = (body: string) => scanBody(body, { ...SCAN_LIMITS, hashSeed: 7 });

test.each(SCAN_CASES)('$name', ({ body, reason, id, message }) => {
  const result = scan(body);
  expect('reason' in result ? result.reason : undefined).toBe(reason);
  expect(result.id).toBe(id);
  if (!('reason' in result)) expect(result.messages[0]).toMatchObject(message ?? {});
});

test('luajit returns the same results', async () => {
  const { results } = await scanInLua(
    SCAN_CASES.map(({ body }) => body),
    7,
  );
  expect(results.map(({ line }) => line)).toEqual(SCAN_CASES.map(({ body }) => describeResult(scan(body))));
});

test('every refusal states what is wrong and how to correct it', () => {
  for (const { body, reason } of SCAN_CASES) {
    const result = scan(body);
    if (reason === undefined || !('reason' in result)) continue;
    expect(result.message).toMatch(/^[^A-Z]{3}.*[^.]$/);
    expect(result.hint.length).toBeGreaterThan(10);
  }
});

test('the known name that another resembles is in the message', () => {
  expect(scan('{"method":"x","Params":{}}')).toMatchObject({ message: expect.stringContaining('almost like params') });
});
