// A whole gateway in a test or a program: docs/configuration.md shows how.
export { createGateway, fromFile } from './create-gateway.ts';
export type { Gateway, GatewayOptions } from './options.ts';
