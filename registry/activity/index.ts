export { createActivity, type Activity } from './create-activity.ts';
