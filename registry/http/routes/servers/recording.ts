import { recording } from '../../../contract/index.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { pathParam } from '../../framework/params.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Servers';
const PATH = '/api/servers/{path}/recording';

/** Which parts of the calls of a server are recorded. */
export function recordingEndpoints({ access: { recordings } }: Pick<AppDeps, 'access'>): Endpoint[] {
  const answers = { 200: { description: 'What is recorded.', schema: recording } };
  return [
    endpoint({
      method: 'get',
      path: PATH,
      tag: TAG,
      summary: 'Which parts of the calls of a server are recorded',
      access: 'viewer',
      params: pathParam,
      answers,
      handle: async ({ params }) => ({ status: 200, body: await recordings.get(params.path) }),
    }),
    endpoint({
      method: 'put',
      path: PATH,
      tag: TAG,
      summary: 'Set which parts of the calls of a server are recorded',
      description:
        'In addition to the caller, the tool and the outcome. Redacted at the gate, before it is written anywhere. Takes effect on the next request.',
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
