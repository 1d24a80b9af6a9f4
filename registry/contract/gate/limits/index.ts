export { burstOf, fillAfter, usedOf, waitMs, type Bucket } from './bucket.ts';
export { dayOf, endOfDay, type ZoneOffset } from './day.ts';
export { dayOfUse, packUse, usedToday } from './quota.ts';
