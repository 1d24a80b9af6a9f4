export { lookupSystem } from './dns/resolve-names.ts';
export { createPublisherOptions, createSettingsUpstreamRule } from './publisher-options.ts';
export { createPublisher } from './publisher.ts';
export { readMaster } from './reload/workers.ts';
export { loadGate } from './render/load-gate.ts';
export { loadTemplates } from './render/load-templates.ts';
export { createRender } from './render/render.ts';
