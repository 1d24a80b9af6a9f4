export { createConfiguration, type Configuration } from './create-configuration.ts';
