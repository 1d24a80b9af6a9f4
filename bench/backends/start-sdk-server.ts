import { startNodeProcess, type NodeProcess } from './start-node-process.ts';

/** Starts sdk-server.ts on a port of loopback and waits until it responds. */
export function startSdkServer(port: number): Promise<NodeProcess> {
  return startNodeProcess('sdk-server.ts', port);
}
