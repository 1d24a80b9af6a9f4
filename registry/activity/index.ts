export { createActivity, type Activity } from './create-activity.ts';
export { createCalls, type CallListener, type Calls } from './calls/call-store.ts';
