import { describe, expect, it } from 'vitest';
import { createDriver, createLive } from './reduce-driver.ts';

function createRunning() {
  const driver = createDriver();
  driver.start(createLive(1, 1));
  return driver;
}
const timer = (afterMs: number) => [{ type: 'startTimer', afterMs }];

describe('gathering changes', () => {
  it('combines many requests into one run, each cause once', () => {
    const driver = createRunning();
    expect(driver.requestPublish('a')).toEqual(timer(0));
    expect([driver.requestPublish('b'), driver.requestPublish('a')]).toEqual([[], []]);
    expect(driver.types(driver.send({ type: 'timerFired' }))).toEqual(['probe']);
    expect(driver.state.run?.causes).toEqual(['a', 'b']);
    expect(driver.state.causes).toEqual([]);
  });

  it('waits for a change in progress, until no request arrived for a while', () => {
    const driver = createRunning();
    driver.send({ type: 'changesUnderWay', count: 3 });
    driver.requestPublish('a');
    expect(driver.send({ type: 'timerFired' })).toEqual(timer(50));
    driver.pass(20);
    expect(driver.requestPublish('b')).toEqual(timer(0));
    expect(driver.send({ type: 'timerFired' })).toEqual(timer(50));
    driver.send({ type: 'changesUnderWay', count: 0 });
    driver.requestPublish('c');
    expect(driver.types(driver.send({ type: 'timerFired' }))).toEqual(['probe']);
    expect(driver.state.run?.causes).toEqual(['a', 'b', 'c']);
  });

  it('gathers a burst for longer than a few changes', () => {
    const driver = createRunning();
    for (let change = 0; change < 5; change += 1) driver.requestPublish(`change ${change}`);
    expect(driver.send({ type: 'timerFired' })).toEqual(timer(50));
    driver.send({ type: 'changesUnderWay', count: 1 });
    driver.requestPublish('late');
    expect(driver.send({ type: 'timerFired' })).toEqual(timer(400));
  });

  it('begins a run even if requests never stop', () => {
    const driver = createRunning();
    driver.send({ type: 'changesUnderWay', count: 9 });
    for (let ms = 0; driver.state.run === null && ms < 10_000; ms += 10) {
      driver.requestPublish('again');
      driver.send({ type: 'timerFired' });
      driver.pass(10);
    }
    expect(driver.state.run?.startedAtMs).toBe(1_000 + 250);
  });

  it('combines requests during a run into the next run, after a burst with a pause for callers just answered', () => {
    const driver = createRunning();
    for (let change = 0; change < 5; change += 1) driver.requestPublish(`change ${change}`);
    driver.send({ type: 'timerFired' });
    driver.send({ type: 'timerFired' });
    expect([driver.requestPublish('b'), driver.requestPublish('c')]).toEqual([[], []]);
    driver.probed(2);
    driver.staged(createLive(2, 2));
    driver.send({ type: 'activated', problem: null });
    expect(driver.types(driver.finish())).toEqual(['tidy', 'startTimer']);
    expect(driver.send({ type: 'timerFired' })).toEqual(timer(200));
    expect(driver.types(driver.send({ type: 'timerFired' }))).toEqual(['probe']);
    expect(driver.state.run?.causes).toEqual(['b', 'c']);
  });

  it('collects requests before recovery, and begins with them', () => {
    const driver = createDriver();
    expect(driver.requestPublish('early')).toEqual([]);
    driver.send({ type: 'recovered', rollbackTarget: null, mustPublish: false });
    driver.send({ type: 'timerFired' });
    expect(driver.state.run?.causes).toEqual(['early', 'Start']);
  });

  it('accepts no requests once closed, and ends after the current run', () => {
    const driver = createRunning();
    driver.requestPublish('a');
    driver.send({ type: 'timerFired' });
    const waiter = driver.wait(9);
    const closer = driver.close();
    driver.requestPublish('b');
    driver.probed(2);
    driver.staged(createLive(2, 2));
    driver.send({ type: 'activated', problem: null });
    expect(driver.answerOf(closer)).toBeUndefined();
    driver.finish();
    expect(driver.answerOf(closer)).toBe('idle');
    expect(driver.answerOf(waiter)).toMatchObject({
      applied: false,
      error: expect.stringContaining('stopping') as string,
    });
    expect(driver.answerOf(driver.wait(9))).toMatchObject({ applied: false });
    expect(driver.state).toMatchObject({ lifecycle: 'closed', causes: [], live: { number: 2 } });
  });
});

describe('checking NGINX', () => {
  it('publishes again after two unexpected answers in a row', () => {
    const driver = createRunning();
    const check = (served: number) => {
      driver.send({ type: 'checkDue' });
      return driver.send({ type: 'checked', isRunning: true, served });
    };
    expect(check(0)).toEqual([]);
    expect(check(1)).toEqual([]);
    expect(check(0)).toEqual([]);
    expect(check(0)).toEqual(timer(0));
    expect(driver.state.causes).toEqual(['NGINX serves generation 0']);
  });

  it('checks one at a time, and never during a run', () => {
    const driver = createRunning();
    driver.send({ type: 'checkDue' });
    expect(driver.send({ type: 'checkDue' })).toEqual([]);
    driver.send({ type: 'checkFailed' });
    driver.requestPublish('a');
    expect(driver.send({ type: 'checkDue' })).toEqual([]);
  });

  it('retries what failed with backoff, until a change resets it', () => {
    const driver = createRunning();
    const waits: number[] = [];
    for (let round = 0; round < 14; round += 1) {
      const startedAtMs = driver.state.triedAtMs;
      while (driver.state.causes.length === 0 && round > 0) {
        driver.pass(500);
        driver.send({ type: 'checkDue' });
        driver.send({ type: 'checked', isRunning: true, served: 1 });
      }
      if (round === 0) driver.requestPublish('a');
      else waits.push(driver.state.triedAtMs - startedAtMs);
      driver.send({ type: 'timerFired' });
      expect(driver.state.run?.isRetry).toBe(round > 0);
      driver.probed(2);
      driver.send({ type: 'stepFailed', message: 'no' });
      driver.finish();
    }
    expect(waits.slice(0, 5)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    expect(waits.at(-1)).toBe(600_000);
    driver.requestPublish('another');
    driver.send({ type: 'timerFired' });
    expect(driver.state.failures).toBe(0);
  });

  it('retries servers that NGINX rejected', () => {
    const driver = createRunning();
    driver.requestPublish('a');
    driver.send({ type: 'timerFired' });
    driver.probed(2);
    const rejections = new Map([['s1', { revision: 2, message: 'NGINX: no' }]]);
    driver.send({ type: 'unchanged', revision: 2, rejected: [], rejections });
    driver.finish();
    driver.pass(1_001);
    driver.send({ type: 'checkDue' });
    driver.send({ type: 'checked', isRunning: true, served: 1 });
    expect(driver.state).toMatchObject({ causes: ['Retry'], isRetryNext: true });
  });
});
