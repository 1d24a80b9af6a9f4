export { lookupSystem } from './dns/resolve-names.ts';
export { makePublisherOptions, makeUpstreamRule } from './publisher-options.ts';
export { createPublisher } from './publisher.ts';
export { readMaster } from './reload/workers.ts';
export { bundleGate } from './render/bundle-gate.ts';
export { createPartsMemory } from './render/memoize-servers.ts';
export { render } from './render/render.ts';
