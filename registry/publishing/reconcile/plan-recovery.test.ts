import { describe, expect, it } from 'vitest';
import { planRecovery, type Leftovers } from './plan-recovery.ts';

const CLEAN: Leftovers = {
  current: 2,
  verified: 2,
  folders: [0, 1, 2],
  served: 2,
  staged: [0],
  isZeroRewritten: false,
};
const plan = (more: Partial<Leftovers>) => planRecovery({ ...CLEAN, ...more });

describe('planRecovery', () => {
  it('changes nothing after an orderly shutdown', () => {
    expect(plan({})).toEqual({ switchTo: null, verified: null, failed: [], mustPublish: false });
  });

  it('points current to generation 0 at the first start', () => {
    expect(plan({ current: null, verified: null, folders: [0], served: null })).toMatchObject({ switchTo: 0 });
  });

  it('points current to the last verified generation when its folder is gone, else to 0', () => {
    expect(plan({ current: 3, verified: 1 })).toMatchObject({ switchTo: 1 });
    expect(plan({ current: 3, verified: 4 })).toMatchObject({ switchTo: 0 });
  });

  it('marks a generation as failed that was staged when the registry was killed', () => {
    expect(plan({ folders: [0, 1, 2, 3], staged: [3, 0] })).toMatchObject({ verified: null, failed: [3] });
  });

  it('verifies a generation that NGINX had loaded, if current also points to it', () => {
    const killed = { folders: [0, 1, 2, 3], staged: [3, 0], served: 3 };
    expect(plan({ ...killed, current: 3 })).toMatchObject({ verified: 3, failed: [], switchTo: null });
    expect(plan({ ...killed, current: 2 })).toMatchObject({ verified: null, failed: [3] });
    expect(plan({ ...killed, current: 3, served: 2 })).toMatchObject({ verified: null, failed: [3] });
  });

  it('must publish when NGINX may have loaded a generation 0 that differs from the one on disk', () => {
    expect(plan({ isZeroRewritten: true, served: 0 })).toMatchObject({ mustPublish: true });
    expect(plan({ isZeroRewritten: true, served: 2 })).toMatchObject({ mustPublish: false });
  });
});
