export type { AppDeps } from './app-deps.ts';
export { createUpgradeAuth } from './auth/upgrade-auth.ts';
export { createApp } from './create-app.ts';
export { listen, type Listening } from './framework/listen.ts';
