import type { HealthDeps } from '../../../registry/health/health-deps.ts';

/** The bridge of tests in which none runs. */
export const noBridge: HealthDeps['bridge'] = {
  status: () => Promise.reject(new Error('no bridge runs in this test')),
};
