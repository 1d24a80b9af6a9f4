export { explainBackendUrl } from './validate/explain-backend-url.ts';
export { createServers, type Servers } from './create-servers.ts';
export { registerManagementServer } from './management-server.ts';
export type { ServerChanged } from './servers-deps.ts';
