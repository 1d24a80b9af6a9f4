import { z } from 'zod';
import { toolIssue } from '../tools/tool-issue.ts';
import { apiDescription, apiDescriptionView } from '../bridge/api-description.ts';
import { dockerInput, writeDocker } from '../bridge/docker.ts';
import { forwardHeaders, headerName, headerValue } from './headers.ts';
import { instanceInput, instanceUrl, instanceView, type InstanceInput } from './instance.ts';
import { newServerPath } from './path.ts';
import { serverTlsInput, serverTlsView } from './server-tls.ts';
import { checkTarget, nameTransport } from './check-target.ts';
import { program, programInput, programPatch } from '../program/program.ts';
import { configurationStatus, healthStatus, serverStatus } from './status.ts';
import { timeoutFields, timeouts } from './timeouts.ts';
import { transport } from './transport.ts';
import { virtualTools, virtualView } from '../virtual/virtual-server.ts';

const tag = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{0,39}$/, 'a tag is 1 to 40 of a-z 0-9 . _ -, beginning with a letter or digit');
/** Text that is shown to people: no control characters but line breaks and tabs. */
const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/, 'control characters are not allowed');

export const hostMode = z.enum(['upstream', 'public']);
export const era = z.enum(['legacy', 'modern']);

const serverFields = {
  name: text(200).min(1),
  description: text(4000),
  tags: z
    .array(tag)
    .max(50)
    .transform((tags) => [...new Set(tags)].sort()),
  transport,
  adapt: z
    .boolean()
    .describe(
      'offer it in every protocol version: the bridge adapts it, as Streamable HTTP with and without sessions and as SSE',
    ),
  enabled: z.boolean(),
  /** Credentials for the backend. Write-only: a view shows only the names. `null` as a value removes one (PATCH). */
  headers: z.record(headerName, headerValue),
  forwardHeaders,
  hostMode,
  timeouts,
  license: text(100),
  stars: z.int().min(0).max(1_000_000_000),
  metadata: z.record(z.string().max(100), z.json()),
};

/** The input that registers a server. `url` and `proxy_pass_url` are short forms for one instance, which older scripts send. */
export const serverInput = z
  .strictObject({
    path: newServerPath,
    name: serverFields.name.optional(),
    description: serverFields.description.default(''),
    tags: serverFields.tags.default([]),
    instances: z.array(instanceInput).min(1).max(32).optional(),
    url: instanceUrl.optional(),
    proxy_pass_url: instanceUrl.optional(),
    transport: transport.default('auto'),
    adapt: serverFields.adapt.default(false),
    enabled: z.boolean().default(true),
    headers: serverFields.headers.default({}),
    forwardHeaders: forwardHeaders.default([]),
    hostMode: hostMode.default('upstream'),
    timeouts: timeouts.default(timeouts.parse({})),
    tls: serverTlsInput.optional(),
    license: serverFields.license.default(''),
    stars: serverFields.stars.default(0),
    metadata: serverFields.metadata.default({}),
    openapi: apiDescription.optional(),
    ...programInput,
    docker: dockerInput
      .optional()
      .describe('a program in a container; "args" are those of the image, or what is run in the container'),
    tools: virtualTools.optional().describe('of a virtual server: tools of other servers'),
  })
  .superRefine(checkTarget)
  .transform(
    ({ url, proxy_pass_url, instances, name, command, args = [], cwd, env, process, confinement, docker, ...rest }) => {
      const run = docker === undefined ? { command, args } : writeDocker(docker, args, Object.keys(env ?? {}));
      const described =
        run.command === undefined
          ? null
          : program.parse({ ...run, cwd: cwd ?? null, process: process ?? {}, confinement: confinement ?? null });
      const single = url ?? proxy_pass_url;
      const placed = instances ?? (single === undefined ? [] : [instanceInput.parse({ url: single })]);
      return {
        ...rest,
        transport: nameTransport({ ...rest, instances: placed }, described !== null),
        name: name ?? rest.path,
        instances: placed,
        program: described,
        env: env ?? {},
      };
    },
  );

/** The input that changes a server; absent fields remain unchanged. `headers` merges: a value replaces, null removes. */
export const serverPatch = z
  .strictObject({
    name: serverFields.name,
    description: serverFields.description,
    tags: serverFields.tags,
    instances: z.array(instanceInput).min(1).max(32),
    url: instanceUrl,
    proxy_pass_url: instanceUrl,
    transport,
    adapt: serverFields.adapt,
    enabled: z.boolean(),
    headers: z.record(headerName, headerValue.nullable()),
    forwardHeaders,
    hostMode,
    // Not timeouts.partial(): that would fill in defaults for what a patch leaves out.
    timeouts: z.strictObject(timeoutFields).partial(),
    tls: serverTlsInput,
    license: serverFields.license,
    stars: serverFields.stars,
    metadata: serverFields.metadata,
    openapi: apiDescription,
    ...programPatch,
    tools: virtualTools,
  })
  .partial()
  .transform(({ url, proxy_pass_url, instances, ...rest }): typeof rest & { instances?: InstanceInput[] } => {
    const single = url ?? proxy_pass_url;
    const list = instances ?? (single === undefined ? undefined : [instanceInput.parse({ url: single })]);
    return list === undefined ? rest : { ...rest, instances: list };
  });

/** A server as the API shows it. */
export const serverView = z.object({
  id: z.string(),
  path: z.string(),
  name: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  instances: z.array(instanceView),
  transport,
  adapt: serverFields.adapt,
  program: program
    .extend({ env: z.array(z.string()).describe('names only; values are write-only') })
    .nullable()
    .describe('what the bridge runs; null: it is at the URL of its instances'),
  virtual: virtualView.optional().describe('its tools if it is a virtual server'),
  openapi: apiDescriptionView.nullable().describe('the description of its REST API; null: it is not a REST API'),
  enabled: z.boolean(),
  headers: z.array(z.string()).describe('names only; values are write-only'),
  forwardHeaders: z.array(z.string()).describe("names of the agents' headers that are forwarded to the server"),
  hostMode,
  timeouts: z.object({ connectMs: z.int(), readMs: z.int(), sendMs: z.int() }),
  tls: serverTlsView,
  license: z.string(),
  stars: z.int(),
  metadata: z.record(z.string(), z.json()),
  managedBy: z.string().nullable().describe('the configuration that defines it and in which it is changed; null: none'),
  configuration: configurationStatus,
  rejectedSince: z
    .string()
    .nullable()
    .describe('when NGINX first rejected its configuration, ISO 8601; null: it does not, or this is unknown'),
  health: healthStatus,
  healthSince: z.string().nullable().describe('when the checks first found this health, ISO 8601'),
  status: serverStatus,
  endpoints: z.object({ mcp: z.boolean(), sse: z.boolean() }).describe('which endpoints the gateway serves for it'),
  era: era.nullable(),
  protocolVersion: z.string().nullable(),
  toolCount: z.int(),
  toolIssues: z.array(toolIssue).describe('tools that are blocked, changed, flagged or malformed'),
  lastCheckedAt: z.string().nullable(),
  latencyMs: z.number().nullable(),
  error: z.string().nullable().describe('why it is rejected or not healthy, with the remedy'),
  warnings: z.array(z.string()).describe('settings that work but may not be what was intended'),
  gatewayUrl: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  removedAt: z.string().nullable(),
  revision: z.int().describe('of this server; the ETag'),
});

/** Servers that were removed and can be restored, the last one first. */
export const removedServers = z.object({
  items: z.array(serverView.pick({ path: true, name: true }).extend({ removedAt: z.string() })),
});

/** The response to a change of a server: the server, and whether the data plane already serves the change. */
export const serverChange = serverView.extend({
  applied: z.boolean().describe('true: NGINX was verified to serve this change'),
  generation: z.int().nullable().describe('the generation that serves it; null while pending'),
  droppedHeaders: z
    .array(z.string())
    .optional()
    .describe('stored headers that were deleted because the server has a new origin; set them again if it needs them'),
  pendingRevision: z
    .int()
    .optional()
    .describe('with ?wait=false: poll GET /api/generations for one whose revision is at least this'),
});

export type ServerInput = z.infer<typeof serverInput>;
export type ServerPatch = z.infer<typeof serverPatch>;
export type ServerView = z.infer<typeof serverView>;
export type RemovedServers = z.infer<typeof removedServers>;
export type ServerChange = z.infer<typeof serverChange>;
export type Era = z.infer<typeof era>;
export type HostMode = z.infer<typeof hostMode>;
