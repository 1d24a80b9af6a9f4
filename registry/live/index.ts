export { createLive, type Live, type LiveOptions } from './create-live.ts';
export { createLiveSource } from './live-source.ts';
