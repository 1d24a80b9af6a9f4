export { createPublisherOptions, upstreamRule } from './publisher-options.ts';
export { BRIDGE_SOCKET, MANAGEMENT_SOCKET } from './plan/own-sockets.ts';
export { createPublisher, type Publisher } from './publisher.ts';
export { createCounterReader } from './reload/read-counters.ts';
export { reopenLogs } from './reload/reopen-logs.ts';
export { loadGate } from './render/load-gate.ts';
export { loadTemplates } from './render/load-templates.ts';
export { createRender } from './render/render.ts';
