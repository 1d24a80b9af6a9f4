export { createApi, type Api } from './client.ts';
export { connectApi, gatewayUrlOf } from './connect-api.ts';
export { readKey } from './credentials.ts';
export { explainNoResponse, explainProblem } from './explain-failure.ts';
export { isLoopback, readGatewayUrl } from './gateway-url.ts';
export { loginsFile, readLogins, writeLogins } from './logins.ts';
export { listAll } from './pages.ts';
