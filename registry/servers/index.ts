export { createServers } from './create-servers.ts';
