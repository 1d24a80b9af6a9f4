import type { z } from 'zod';
import * as contract from '../../contract/index.ts';
import type { Endpoint } from '../framework/endpoint.ts';
import { createJsonSchemas, type Json } from './json-schemas.ts';

/** Schemas that have their own name in the document. */
const NAMED: Record<string, z.ZodType> = {
  Agent: contract.agentView,
  AgentInput: contract.agentInput,
  AuditEntry: contract.auditEntry,
  ConfigPlan: contract.configPlan,
  ConfigStatus: contract.configStatus,
  Generation: contract.generationView,
  GenerationDetail: contract.generationDetail,
  GenerationDiff: contract.generationDiff,
  Grants: contract.grants,
  Key: contract.keyView,
  KeyCreated: contract.keyCreated,
  ProbeInput: contract.probeInput,
  ProbeResult: contract.probeResult,
  Problem: contract.problem,
  Server: contract.serverView,
  ServerChange: contract.serverChange,
  ServerInput: contract.serverInput,
  ServerPatch: contract.serverPatch,
  Session: contract.sessionView,
  Tool: contract.tool,
  User: contract.userView,
};
const INPUTS = new Set(['AgentInput', 'Grants', 'ProbeInput', 'ServerInput', 'ServerPatch']);

type Refer = (schema: z.ZodType, io: 'input' | 'output') => Json;

function listParameters(refer: Refer, schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = refer(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

function describeBody(refer: Refer, endpoint: Endpoint): Json | undefined {
  if (endpoint.body === undefined) return undefined;
  const schema = refer(endpoint.body, 'input');
  const types = ['application/json', ...(endpoint.takesForms ? ['application/x-www-form-urlencoded'] : [])];
  return {
    required: endpoint.bodyOptional !== true,
    content: Object.fromEntries(
      types.map((type) => [type, { schema, ...(endpoint.example !== undefined && { example: endpoint.example }) }]),
    ),
  };
}

function describeAnswers(refer: Refer, endpoint: Endpoint): Json {
  const answers = Object.entries(endpoint.answers).map(([status, { description, schema, contentType }]) => {
    if (schema === undefined && contentType === undefined) return [status, { description }] as const;
    const content = {
      [contentType ?? 'application/json']: {
        schema: schema === undefined ? { type: 'string' } : refer(schema, 'output'),
      },
    };
    return [status, { description, content }] as const;
  });
  const problem = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return { ...Object.fromEntries(answers), default: { description: 'A problem (RFC 9457).', content: problem } };
}

const IF_MATCH: Json = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description: 'ETag that the change is based on; 412 with the current state when its ETag is another.',
  schema: { type: 'string' },
};

function describeOperation(refer: Refer, endpoint: Endpoint): Json {
  const parameters = [
    ...listParameters(refer, endpoint.params, 'path'),
    ...listParameters(refer, endpoint.query, 'query'),
    ...(endpoint.current === undefined ? [] : [IF_MATCH]),
  ];
  const requestBody = describeBody(refer, endpoint);
  const isOpen = endpoint.access === 'public';
  return {
    operationId: `${endpoint.method}${endpoint.path.replaceAll(/[^A-Za-z0-9]+(\w)?/g, (_, letter?: string) => (letter ?? '').toUpperCase())}`,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(endpoint.description !== undefined && { description: endpoint.description }),
    'x-role': endpoint.access,
    security: isOpen ? [] : [{ session: [] }, { key: [] }, ...(endpoint.access === 'optional' ? [{}] : [])],
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody !== undefined && { requestBody }),
    responses: describeAnswers(refer, endpoint),
  };
}

/** The OpenAPI 3.1 document of these endpoints: the same table that the router is created from. */
export function describeApi(endpoints: readonly Endpoint[], facts: { version: string; cookie: string }): Json {
  const schemas = createJsonSchemas();
  const named = Object.fromEntries(
    Object.entries(NAMED).map(([name, schema]) => [
      name,
      schemas.describe(schema, INPUTS.has(name) ? 'input' : 'output'),
    ]),
  );
  const refer: Refer = (schema, io) => {
    const name = Object.keys(NAMED).find((key) => NAMED[key] === schema);
    return name === undefined ? schemas.describe(schema, io) : { $ref: `#/components/schemas/${name}` };
  };
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) (paths[endpoint.path] ??= {})[endpoint.method] = describeOperation(refer, endpoint);
  return {
    openapi: '3.1.0',
    info: {
      title: 'mcpgw',
      version: facts.version,
      description:
        'The registry of the gateway: servers, who may use them, what is published. JSON; errors are application/problem+json; lists are paged by `limit` and `cursor`.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(endpoints.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { ...named, ...schemas.shared() },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: facts.cookie },
        key: { type: 'http', scheme: 'bearer', description: 'the key of an agent with a role' },
      },
    },
  };
}
