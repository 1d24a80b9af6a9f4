import { describe, expect, it } from 'vitest';
import { createDriver, createLive } from './reduce-driver.ts';

function createRunning() {
  const driver = createDriver();
  driver.start(createLive(1, 4));
  driver.requestPublish('change');
  driver.publish(createLive(2, 5));
  return driver;
}

describe('a rollback', () => {
  it('makes the older generation live, and holds changes back until the next one', () => {
    const driver = createRunning();
    const id = driver.rollBack(1);
    driver.send({ type: 'timerFired' });
    expect(driver.types(driver.probed(5))).toEqual(['makeRoom']);
    expect(driver.send({ type: 'roomMade' })).toEqual([{ type: 'testRollback', number: 1 }]);
    const tested = driver.send({ type: 'rollbackTested', staged: createLive(1, 4), problem: null });
    expect(tested[0]).toMatchObject({ type: 'activate', staged: { number: 1 }, served: 2 });
    driver.send({ type: 'activated', problem: null });
    driver.finish();
    expect(driver.answerOf(id)).toBeNull();
    const held = { applied: false, error: 'Held back: rolled back to generation 1 until the next change' };
    expect(driver.answerOf(driver.wait(5))).toMatchObject(held);
    expect(driver.answerOf(driver.wait(4))).toMatchObject({ applied: true, generation: 1 });

    // A refresh does not end it, a change does.
    driver.requestPublish('a name has another address', false);
    driver.send({ type: 'timerFired' });
    expect(driver.types(driver.probed(5))).toEqual(['announcePublished', 'lowerFlag']);
    driver.finish();
    driver.requestPublish('change');
    const ended = driver.wait(6);
    expect(driver.answerOf(ended)).toBeUndefined();
    expect(driver.send({ type: 'timerFired' })[0]).toMatchObject({ type: 'probe', clearsRollback: true });
    expect(driver.types(driver.probed(6))).toEqual(['prepare']);
  });

  it('that fails is reported, and the stored configuration is published again', () => {
    const driver = createRunning();
    const id = driver.rollBack(1);
    driver.send({ type: 'timerFired' });
    driver.probed(5);
    driver.send({ type: 'roomMade' });
    driver.send({ type: 'rollbackTested', staged: createLive(1, 4), problem: 'it does not pass' });
    driver.finish();
    expect(driver.answerOf(id)).toBe('it does not pass');
    expect(driver.state).toMatchObject({ causes: ['Rollback failed'], live: { number: 2 } });
    driver.send({ type: 'timerFired' });
    expect(driver.types(driver.probed(5))).toEqual(['prepare']);
  });

  it('returns to the live generation when the older one cannot be served', () => {
    const driver = createRunning();
    driver.rollBack(1);
    driver.send({ type: 'timerFired' });
    driver.probed(5);
    driver.send({ type: 'roomMade' });
    driver.send({ type: 'rollbackTested', staged: createLive(1, 4), problem: null });
    const effects = driver.send({ type: 'activated', problem: 'no answer' });
    expect(effects).toEqual([{ type: 'restore', number: 2, served: 2 }]);
    const ended = driver.send({ type: 'restored', isVerified: true, live: createLive(2, 5) });
    // A generation that was live before is not recorded as failed.
    expect(driver.types(ended)).toEqual(['announceFailed', 'lowerFlag']);
  });

  it('is answered by a run that began after the request', () => {
    const driver = createRunning();
    driver.requestPublish('change');
    driver.send({ type: 'timerFired' });
    const id = driver.rollBack(1);
    driver.probed(6);
    driver.staged(createLive(3, 6));
    driver.send({ type: 'activated', problem: null });
    driver.finish();
    expect(driver.answerOf(id)).toBeUndefined();
    driver.send({ type: 'timerFired' });
    driver.probed(6);
    driver.send({ type: 'roomMade' });
    driver.send({ type: 'rollbackTested', staged: createLive(1, 4), problem: null });
    driver.send({ type: 'activated', problem: null });
    driver.finish();
    expect(driver.answerOf(id)).toBeNull();
  });

  it('is superseded by a change that is requested before it begins', () => {
    const driver = createRunning();
    const id = driver.rollBack(1);
    driver.requestPublish('change');
    driver.publish(createLive(3, 6));
    expect(driver.answerOf(id)).toBe('Another change came first');
  });

  it('survives a restart, and is retried when it fails', () => {
    const driver = createDriver();
    driver.send({ type: 'recovered', rollbackTarget: 1, mustPublish: false });
    driver.send({ type: 'timerFired' });
    driver.probed(5, { served: 2, known: createLive(2, 5) });
    driver.send({ type: 'roomMade' });
    driver.send({ type: 'rollbackTested', staged: createLive(1, 4), problem: 'no' });
    driver.finish();
    expect(driver.state).toMatchObject({ rollbackTarget: 1, isRollbackEnding: false, causes: [], failures: 1 });
  });
});
