import { z } from 'zod';
import { serverChange, serverInput, type ServerInput } from '../../../contract/index.ts';
import { RegistryError } from '../../../lib/errors.ts';
import type { Caller } from '../../auth/caller.ts';
import { answerChange, waitQuery } from '../../framework/answer-change.ts';
import { endpoint, type Endpoint, type Reply } from '../../framework/endpoint.ts';
import { explainIssues } from '../../../lib/explain-issues.ts';
import { pathParam } from '../../framework/params.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Legacy routes';
const OFF = ['off', 'false', '0', 'no', ''];

/** The fields of older scripts; every other field of a server is accepted too. */
const registerForm = z.looseObject({
  name: z.string().optional(),
  server_name: z.string().optional().describe('the same as name'),
  path: z.string(),
  proxy_pass_url: z.string().optional(),
  description: z.string().optional(),
  tags: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('comma separated, or a list'),
  num_stars: z.union([z.string(), z.number()]).optional(),
  num_tools: z.unknown().optional().describe('ignored: tools are counted'),
  is_python: z.unknown().optional().describe('ignored'),
  license: z.string().optional(),
});
const toggleForm = z.looseObject({
  enabled: z.union([z.boolean(), z.string()]).optional().describe('form: "on", absent = off; JSON: true or false'),
});
const toggled = z.object({
  message: z.string(),
  service_path: z.string(),
  new_enabled_state: z.boolean(),
  status: z.string(),
  last_checked_iso: z.string().nullable(),
  num_tools: z.int(),
  applied: z.boolean(),
  generation: z.int().nullable(),
});

/** OAuth clients that find no metadata register at `/register` (RFC 7591); they must not interpret the response as a login to complete. */
function rejectOauth(caller: Caller | null, body: unknown): RegistryError | undefined {
  if (caller !== null && !(typeof body === 'object' && body !== null && 'redirect_uris' in body)) return undefined;
  return new RegistryError('not_found', 'there is no OAuth here: send a key', {
    hint: 'Send Authorization: Bearer with the key of an agent, which the operator of this gateway creates. A script that registers servers logs in first, or sends the key of an agent with the role operator.',
  });
}

function readTags(tags: string | string[]): string[] {
  const list = typeof tags === 'string' ? tags.split(',') : tags;
  return list.map((tag) => tag.trim()).filter((tag) => tag !== '');
}

/** Returns a legacy form as the input of a registration. Throws `invalid` naming the fields as the API does. */
export function readRegisterForm(form: z.output<typeof registerForm>): ServerInput {
  const { name, server_name, tags, num_stars, num_tools: _, is_python: __, ...rest } = form;
  const parsed = serverInput.safeParse({
    ...rest,
    ...((name ?? server_name) !== undefined && { name: name ?? server_name }),
    ...(tags !== undefined && { tags: readTags(tags) }),
    ...(num_stars !== undefined && { stars: Number(num_stars) }),
  });
  if (parsed.success) return parsed.data;
  throw explainIssues(parsed.error, 'body');
}

function readEnabled(enabled: boolean | string | undefined, isForm: boolean): boolean {
  if (typeof enabled === 'boolean') return enabled;
  if (enabled !== undefined) return !OFF.includes(enabled.toLowerCase());
  if (isForm) return false; // an HTML checkbox that is not set is not sent
  throw new RegistryError('invalid', 'enabled: this is missing; expected true or false', {
    errors: [{ field: 'enabled', message: 'this is missing; expected true or false' }],
  });
}

function withMessage(reply: Reply, reshape: (change: z.output<typeof serverChange>) => object): Reply {
  return { ...reply, body: reshape(reply.body as z.output<typeof serverChange>) };
}

/** The routes that existing scripts use: forms or JSON, session or key. */
export function legacyEndpoints(deps: Pick<AppDeps, 'servers' | 'publisher'>): Endpoint[] {
  const { servers } = deps;
  const registered = serverChange.extend({ message: z.string() });
  return [
    endpoint({
      method: 'post',
      path: '/register',
      tag: TAG,
      summary: 'Register a server',
      description: 'For existing scripts; POST /api/servers is the API.',
      access: 'operator',
      refuseForeign: rejectOauth,
      takesForms: true,
      query: waitQuery,
      body: registerForm,
      example: { name: 'Weather', path: '/weather', proxy_pass_url: 'http://127.0.0.1:8000', tags: 'demo,forecast' },
      answers: {
        201: { description: 'Registered.', schema: registered },
        202: { description: 'Stored; the data plane does not serve it yet.', schema: registered },
      },
      handle: async ({ actor, body, query }) => {
        const changed = await servers.register(actor, readRegisterForm(body));
        const location = `/api/servers/${encodeURIComponent(changed.server.path)}`;
        return withMessage(await answerChange(deps, 201, changed, query.wait, { Location: location }), (change) => ({
          message: 'Service registered successfully',
          ...change,
        }));
      },
    }),
    endpoint({
      method: 'post',
      path: '/toggle/{path}',
      takesRest: true,
      tag: TAG,
      summary: 'Switch a server on or off',
      description: 'For existing scripts; PATCH /api/servers/{path} {"enabled": …} is the API.',
      access: 'operator',
      takesForms: true,
      params: pathParam,
      query: waitQuery,
      body: toggleForm,
      example: { enabled: 'on' },
      answers: {
        200: { description: 'Switched.', schema: toggled },
        202: { description: 'Stored; the data plane does not serve it yet.', schema: toggled },
      },
      handle: async ({ actor, params, body, isForm, query }) => {
        const enabled = readEnabled(body.enabled, isForm);
        const changed = await servers.change(actor, params.path, { enabled });
        return withMessage(await answerChange(deps, 200, changed, query.wait), (change) => ({
          message: `Toggle request for ${change.path} processed.`,
          service_path: `/${change.path}`,
          new_enabled_state: change.enabled,
          status: change.status,
          last_checked_iso: change.lastCheckedAt,
          num_tools: change.toolCount,
          applied: change.applied,
          generation: change.generation,
        }));
      },
    }),
  ];
}
