import { describe, expect, it } from 'vitest';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { verifyGeneration, type RunningNginx, type VerifyOptions } from './verify.ts';

type At<Value> = (nowMs: number) => Value;

/** Verifies generation 2 against an NGINX whose worker 10 served generation 1, with its state by the time since the reload. */
async function verify(
  nginx: {
    answer: At<Awaited<ReturnType<RunningNginx['answer']>>>;
    workers: At<{ pid: number; draining: boolean }[] | null>;
  },
  findRefusal?: VerifyOptions['findRefusal'],
) {
  const clock = createTestClock();
  const verified = verifyGeneration({
    number: 2,
    nginx: {
      master: () => Promise.resolve(1),
      workers: () => Promise.resolve(nginx.workers(clock.nowMs())),
      answer: () => Promise.resolve(nginx.answer(clock.nowMs())),
    },
    olderPids: new Set([10]),
    limitMs: 5_000,
    ...(findRefusal && { findRefusal }),
    clock,
  });
  return { problem: await clock.runUntil(verified), tookMs: clock.nowMs() };
}

const NEW = { number: 2, pid: 11 };
const OLD = { number: 1, pid: 10 };
const accepting = (pid: number) => ({ pid, draining: false });
const draining = (pid: number) => ({ pid, draining: true });

describe('verifyGeneration', () => {
  it('waits until no older worker accepts', async () => {
    const { problem, tookMs } = await verify({
      answer: () => NEW,
      workers: (nowMs) => (nowMs < 200 ? [accepting(10), accepting(11)] : [draining(10), accepting(11)]),
    });
    expect(problem).toBeNull();
    expect(tookMs).toBe(200);
  });

  it('trusts stable answers where processes cannot be listed', async () => {
    const { problem, tookMs } = await verify({ answer: (nowMs) => (nowMs < 100 ? OLD : NEW), workers: () => null });
    expect(problem).toBeNull();
    expect(tookMs).toBe(400);
  });

  it('starts over when an older generation answers in between', async () => {
    const { tookMs } = await verify({ answer: (nowMs) => (nowMs === 250 ? OLD : NEW), workers: () => null });
    expect(tookMs).toBe(555);
  });

  it('ends early when NGINX refuses the reload', async () => {
    const { problem, tookMs } = await verify({ answer: () => OLD, workers: () => [accepting(10)] }, () =>
      Promise.resolve('bind() failed'),
    );
    expect(problem).toBe('bind() failed');
    expect(tookMs).toBe(50);
  });

  it('reports after the limit what was still missing', async () => {
    const silent = await verify({ answer: () => null, workers: () => [] });
    expect(silent).toEqual({ problem: 'NGINX did not answer on its private socket for 5 s', tookMs: 5_000 });
    const old = await verify({ answer: () => OLD, workers: () => [accepting(10)] });
    expect(old.problem).toBe('NGINX still served generation 1 after 5 s');
    const both = await verify({ answer: () => NEW, workers: () => [accepting(10), accepting(11)] });
    expect(both.problem).toBe('Workers of the previous generation still accepted connections after 5 s');
  });
});
