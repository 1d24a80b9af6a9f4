import { describe, expect, it } from 'vitest';
import { createDriver, createLive } from './reduce-driver.ts';

describe('a run', () => {
  it('probes, stages, activates, lowers the flag, answers and tidies, in this order', () => {
    const driver = createDriver();
    driver.send({ type: 'recovered', rollbackTarget: null, mustPublish: false });
    expect(driver.types(driver.send({ type: 'timerFired' }))).toEqual(['probe']);
    const id = driver.wait(5);
    expect(driver.types(driver.probed(5))).toEqual(['prepare']);
    expect(driver.types(driver.staged(createLive(1, 5)))).toEqual(['activate']);
    expect(driver.types(driver.send({ type: 'activated', problem: null }))).toEqual(['announcePublished', 'lowerFlag']);
    expect(driver.answerOf(id)).toBeUndefined();
    expect(driver.types(driver.send({ type: 'flagLowered' }))).toEqual(['answer', 'tidy']);
    expect(driver.answerOf(id)).toEqual({ applied: true, generation: 1, error: null });
    expect(driver.send({ type: 'tidied' })).toEqual([]);
    expect(driver.state).toMatchObject({ run: null, hasEndedOnce: true, failure: null, live: { number: 1 } });
  });

  it('with equal bytes creates no generation and makes the revision live', () => {
    const driver = createDriver();
    driver.start(createLive(1, 5));
    driver.requestPublish('a');
    driver.send({ type: 'timerFired' });
    expect(driver.probed(6)[0]).toMatchObject({ type: 'prepare', request: { live: { number: 1 }, isRetry: false } });
    const ended = driver.send({ type: 'unchanged', revision: 6, rejected: [], rejections: new Map() });
    expect(ended[0]).toMatchObject({ type: 'announcePublished', isNew: false, live: { number: 1, revision: 6 } });
    driver.finish();
    expect(driver.answerOf(driver.wait(6))).toMatchObject({ applied: true, generation: 1 });
  });

  it('publishes equal bytes when NGINX serves something else, or when it must publish', () => {
    const driver = createDriver();
    driver.send({ type: 'recovered', rollbackTarget: null, mustPublish: true });
    driver.send({ type: 'timerFired' });
    expect(driver.probed(5, { served: 0, known: createLive(0, 0) })[0]).toMatchObject({ request: { live: null } });
    driver.staged(createLive(1, 5));
    driver.send({ type: 'activated', problem: null });
    driver.finish();
    driver.requestPublish('a');
    driver.send({ type: 'timerFired' });
    expect(driver.probed(5, { served: 9, known: null })[0]).toMatchObject({ request: { live: null } });
  });

  it('waits once when too many generations drain, then prepares again', () => {
    const driver = createDriver();
    driver.start(createLive(1, 5));
    driver.requestPublish('a');
    driver.send({ type: 'timerFired' });
    expect(driver.probed(6)[0]).toMatchObject({ request: { isRoomMade: false } });
    expect(driver.types(driver.send({ type: 'drainLimitReached' }))).toEqual(['makeRoom']);
    expect(driver.send({ type: 'roomMade' })[0]).toMatchObject({ type: 'prepare', request: { isRoomMade: true } });
  });

  it('ignores the result of a step when no run is under way', () => {
    const driver = createDriver();
    driver.start(createLive(1, 5));
    const before = driver.state;
    expect(driver.send({ type: 'activated', problem: 'late' })).toEqual([]);
    expect(driver.state).toBe(before);
  });
});

describe('a run that fails', () => {
  it('returns to the live generation, is recorded, and answers only earlier requests', () => {
    const driver = createDriver();
    driver.start(createLive(1, 5));
    driver.requestPublish('a');
    driver.send({ type: 'timerFired' });
    driver.probed(6);
    const [failed, later] = [driver.wait(6), driver.wait(7)];
    driver.staged(createLive(2, 6));
    const effects = driver.send({ type: 'activated', problem: 'bind() failed' });
    expect(effects).toEqual([{ type: 'restore', number: 1, served: 1 }]);
    const ended = driver.send({ type: 'restored', isVerified: true, live: createLive(1, 5) });
    expect(driver.types(ended)).toEqual(['recordFailure', 'announceFailed', 'lowerFlag']);
    driver.finish();
    expect(driver.answerOf(failed)).toEqual({ applied: false, generation: null, error: 'bind() failed' });
    expect(driver.answerOf(later)).toBeUndefined();
    expect(driver.state).toMatchObject({ failures: 1, live: { number: 1 }, failure: { revision: 6, number: 2 } });
  });

  it('falls back to generation 0, then it is unknown what NGINX serves', () => {
    const driver = createDriver();
    driver.start(createLive(4, 5));
    driver.requestPublish('a');
    driver.send({ type: 'timerFired' });
    driver.probed(6);
    driver.staged(createLive(5, 6));
    driver.send({ type: 'activated', problem: 'no answer' });
    const second = driver.send({ type: 'restored', isVerified: false, live: null });
    expect(second).toEqual([{ type: 'restore', number: 0, served: 4 }]);
    driver.send({ type: 'restored', isVerified: false, live: null });
    expect(driver.state).toMatchObject({ live: null, failure: { message: 'no answer' } });
  });

  it('returns to the last verified generation when the live one is unknown', () => {
    const driver = createDriver();
    driver.send({ type: 'recovered', rollbackTarget: null, mustPublish: false });
    driver.send({ type: 'timerFired' });
    driver.probed(6, { verified: 3 });
    driver.staged(createLive(5, 6));
    expect(driver.send({ type: 'activated', problem: 'no' })).toEqual([{ type: 'restore', number: 3, served: null }]);
  });

  it('keeps the live generation when no test passes or a step throws; the same failure is announced once', () => {
    const driver = createDriver();
    driver.start(createLive(1, 5));
    for (const [round, announced] of [
      ['refused', ['announceFailed', 'lowerFlag']],
      ['refused', ['lowerFlag']],
      ['stepFailed', ['announceFailed', 'lowerFlag']],
    ] as const) {
      driver.requestPublish('a', false);
      driver.send({ type: 'timerFired' });
      driver.probed(6);
      const ended =
        round === 'refused'
          ? driver.send({ type: 'refused', revision: 6, problem: 'nonsense', rejections: new Map() })
          : driver.send({ type: 'stepFailed', message: 'The disk is full' });
      expect(driver.types(ended)).toEqual(announced);
      driver.finish();
    }
    expect(driver.state).toMatchObject({ failures: 3, live: { number: 1 } });
    expect(driver.answerOf(driver.wait(6))).toMatchObject({ applied: false, error: 'The disk is full' });
  });

  it('without NGINX does not count as the first run, and is repeated when NGINX runs', () => {
    const driver = createDriver();
    driver.send({ type: 'recovered', rollbackTarget: null, mustPublish: false });
    driver.send({ type: 'timerFired' });
    const id = driver.wait(5);
    driver.probed(5, null);
    driver.finish();
    expect(driver.answerOf(id)).toMatchObject({ applied: false, error: 'NGINX is not running' });
    expect(driver.state).toMatchObject({ hasEndedOnce: false, live: null });
    expect(driver.types(driver.send({ type: 'checkDue' }))).toEqual(['check']);
    expect(driver.send({ type: 'checked', isRunning: false, served: null })).toEqual([]);
    driver.send({ type: 'checkDue' });
    expect(driver.types(driver.send({ type: 'checked', isRunning: true, served: null }))).toEqual(['startTimer']);
    expect(driver.state.causes).toEqual(['NGINX runs again']);
    driver.publish(createLive(1, 5));
    expect(driver.state).toMatchObject({ hasEndedOnce: true, failure: null });
  });
});
