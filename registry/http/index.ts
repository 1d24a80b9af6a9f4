export type { AppDeps } from './app-deps.ts';
export { createUpgradeAuth } from './auth/upgrade-auth.ts';
export { createApp } from './create-app.ts';
export { listen } from './framework/listen.ts';
