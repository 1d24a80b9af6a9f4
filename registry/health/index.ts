export { createHealth } from './create-health.ts';
export type { Health } from './create-health.ts';
export type { HealthTiming } from './health-deps.ts';
