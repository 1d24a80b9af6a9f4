import { gatewayView } from '../../../contract/index.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import type { AppDeps } from '../../app-deps.ts';

/** What the gateway consists of. */
export function gatewayEndpoints({ gateway }: Pick<AppDeps, 'gateway'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/gateway',
      tag: 'State of the registry',
      summary: 'Processes, versions and effective settings',
      description: 'Each process is queried now. Secrets are never shown.',
      access: 'viewer',
      answers: { 200: { description: 'The gateway.', schema: gatewayView } },
      handle: async () => ({ status: 200, body: await gateway.view() }),
    }),
  ];
}
