export { createGatewayStatus, type GatewayStatus } from './gateway-status.ts';
