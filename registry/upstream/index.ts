// Which addresses may be reached as backends, and how: the same for the registry's probes, for NGINX and for the bridge.
export { findCertificateFault, type CertificateFault, type ErrorCause } from './find-certificate-fault.ts';
export { openWebSocket, UpgradeRefused, type WebSocket, type WebSocketOptions } from './open-websocket.ts';
export { guardConnect, type GuardConnectOptions } from './guard-connect.ts';
export { lookupSystem, type Lookup } from './lookup-system.ts';
export { AddressRejected, type UpstreamGuard } from './upstream-guard.ts';
export { createUpstreamRule, type CheckAddress } from './upstream-rule.ts';
