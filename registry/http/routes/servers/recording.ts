import { recording } from '../../../contract/index.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { pathParam } from '../../framework/params.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Servers';
const PATH = '/api/servers/{path}/recording';

/** What of the calls of a server is recorded. */
export function recordingEndpoints({ access: { recordings } }: Pick<AppDeps, 'access'>): Endpoint[] {
  const answers = { 200: { description: 'What is recorded.', schema: recording } };
  return [
    endpoint({
      method: 'get',
      path: PATH,
      tag: TAG,
      summary: 'What of the calls of a server is recorded',
      access: 'viewer',
      params: pathParam,
      answers,
      handle: async ({ params }) => ({ status: 200, body: await recordings.get(params.path) }),
    }),
    endpoint({
      method: 'put',
      path: PATH,
      tag: TAG,
      summary: 'Set what of the calls of a server is recorded',
      description:
        'Beside who called what and how it ended. Redacted at the gate, before it is written anywhere; from the next request on.',
      access: 'admin',
      params: pathParam,
      body: recording,
      example: { toolErrors: true, arguments: true, redact: ['iban'] },
      answers,
      handle: async ({ actor, params, body }) => ({
        status: 200,
        body: await recordings.set(actor, params.path, body),
      }),
    }),
  ];
}
