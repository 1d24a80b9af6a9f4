export { createGatewayStatus, type GatewayStatus } from './gateway-status.ts';
export { explainConfigFile } from './problems/list-problems.ts';
