export { createHealth } from './create-health.ts';
