export { createDiscovery } from './create-tools.ts';
