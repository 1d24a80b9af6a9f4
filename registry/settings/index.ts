export { openLiveSettings, type LiveSettings } from './live-settings.ts';
export { type Settings, readSettings } from './settings.ts';
