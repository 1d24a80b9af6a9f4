export { admitBody, chargeCall, endCounted } from './limits.ts';
export { answerCounters } from './report.ts';
export { prepareCounting, startCounting, stopCounting } from './worker-counters.ts';
