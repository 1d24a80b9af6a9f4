import type { HostMode, InstanceProbe, ServerTls, Transport } from '../../contract/index.ts';
import type { StoredInstance } from '../../store/index.ts';
import type { ServersDeps } from '../servers-deps.ts';

interface ProbedServer {
  instances: readonly StoredInstance[];
  transport: Transport;
  hostMode: HostMode;
  tls?: ServerTls | undefined;
}

/** Probes every enabled instance in parallel; returns the instances with the endpoints that were found. */
export async function probeInstances(
  deps: ServersDeps,
  server: ProbedServer,
  headers: Record<string, string>,
): Promise<{ instances: StoredInstance[]; probes: InstanceProbe[] }> {
  const probes: InstanceProbe[] = [];
  const instances = await Promise.all(
    server.instances.map(async (instance) => {
      if (!instance.enabled) return instance;
      const { url, query, endpoints } = instance;
      const { hostMode, transport, tls } = server;
      const result = await deps.health.probe({ url, query, headers, hostMode, transport, tls, known: endpoints });
      probes.push({ instanceId: instance.id, result });
      return { ...instance, endpoints: result.endpoints ?? endpoints };
    }),
  );
  return { instances, probes };
}
