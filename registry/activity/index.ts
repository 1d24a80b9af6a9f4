export { createActivity, type Activity } from './create-activity.ts';
export { createCallShipper, type CallShipper } from './calls/call-shipper.ts';
export { createCalls, type CallListener, type Calls } from './calls/call-store.ts';
