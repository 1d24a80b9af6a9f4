import { z } from 'zod';
import { keyCreated, keyInput, keyPatch, keyRotation, keyView } from '../../../contract/index.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import { keyParam, nameParam } from '../../framework/params.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Agents';

/** Keys of agents. */
export function keyEndpoints({ access: { keys } }: Pick<AppDeps, 'access'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/agents/{name}/keys',
      tag: TAG,
      summary: 'List the keys of an agent',
      access: 'viewer',
      params: nameParam,
      answers: { 200: { description: 'Never the keys themselves.', schema: z.object({ items: z.array(keyView) }) } },
      handle: async ({ params }) => ({ status: 200, body: { items: await keys.list(params.name) } }),
    }),
    endpoint({
      method: 'post',
      path: '/api/agents/{name}/keys',
      tag: TAG,
      summary: 'Create a key',
      access: 'admin',
      params: nameParam,
      body: keyInput,
      example: { label: 'laptop' },
      bodyOptional: true,
      answers: { 201: { description: 'The key, shown only once.', schema: keyCreated } },
      handle: async ({ actor, params, body }) => {
        // The body is optional: the type always has it, the request may not.
        const input = (body as z.output<typeof keyInput> | undefined) ?? keyInput.parse({});
        return { status: 201, body: await keys.create(actor, params.name, input) };
      },
    }),
    endpoint({
      method: 'patch',
      path: '/api/agents/{name}/keys/{id}',
      tag: TAG,
      summary: 'Change the label, expiry or servers of a key',
      description:
        'Takes effect on the next request with it. A limited key may use no other servers, regardless of the grants of its agent.',
      access: 'admin',
      params: keyParam,
      body: keyPatch,
      example: { servers: ['weather'] },
      answers: { 200: { description: 'The key.', schema: keyView } },
      handle: async ({ actor, params, body }) => ({
        status: 200,
        body: await keys.change(actor, params.name, params.id, body),
      }),
    }),
    endpoint({
      method: 'post',
      path: '/api/agents/{name}/keys/{id}/rotate',
      tag: TAG,
      summary: 'Replace a key by a new one',
      description:
        'The new key has the same label and servers. The old one works beside it for `overlapHours`, then it expires.',
      access: 'admin',
      params: keyParam,
      body: keyRotation,
      example: { overlapHours: 24 },
      bodyOptional: true,
      answers: { 201: { description: 'The new key, shown only once.', schema: keyCreated } },
      handle: async ({ actor, params, body }) => {
        // The body is optional: the type always has it, the request may not.
        const rotation = (body as z.output<typeof keyRotation> | undefined) ?? keyRotation.parse({});
        return { status: 201, body: await keys.rotate(actor, params.name, params.id, rotation) };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/agents/{name}/keys/{id}',
      tag: TAG,
      summary: 'Revoke a key',
      access: 'admin',
      params: keyParam,
      answers: { 204: { description: 'The gate refuses the key from now on.' } },
      handle: async ({ actor, params }) => {
        await keys.revoke(actor, params.name, params.id);
        return { status: 204 };
      },
    }),
  ];
}
