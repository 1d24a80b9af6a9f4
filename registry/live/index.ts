export { createLive } from './create-live.ts';
export { readLiveServers } from './read-live-servers.ts';
