import { Validator, type Schema } from '@cfworker/json-schema';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { readForm, startDescribedApi } from '../../support/bridge/described-api.ts';
import type { Api, SeenRequest } from '../../support/bridge/start-api.ts';
import { APIS, type Json } from '../../support/bridge/real-apis.ts';
import { connectClient } from '../../support/gateway/call-tool.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';

interface Listed {
  name: string;
  inputSchema: Json;
}
let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

/** A body as the cases define it: JSON as a value, a form as its members, bytes as text. */
async function readBody({ headers, body }: SeenRequest): Promise<unknown> {
  const type = headers['content-type'] ?? '';
  if (/json/.test(type)) return JSON.parse(body.toString());
  if (!type.startsWith('multipart/')) return body.length === 0 ? undefined : body.toString();
  const form = await readForm({ headers, body });
  const members = await Promise.all(
    [...form].map(async ([name, one]) => [
      name,
      typeof one === 'string' ? one : `${one.name} ${one.type} ${await one.text()}`,
    ]),
  );
  return Object.fromEntries(members) as unknown;
}

describe.each(APIS)('$name', ({ name, text, base, headers, tools: count, leftOut, cases }) => {
  let api: Api;
  let client: Client;
  let tools: Map<string, Listed>;
  beforeAll(async () => {
    api = await startDescribedApi(text, parseYaml(text) as Json, base);
    await gateway.register({ path: name, openapi: { url: `${api.url}/openapi` }, url: `${api.url}${base}`, headers });
    const { key } = await gateway.createAgent([name]);
    client = await connectClient(`${gateway.url}/${name}/mcp`, key);
    const listed: Listed[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.listTools(cursor === undefined ? {} : { cursor });
      listed.push(...(page.tools as Listed[]));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    tools = new Map(listed.map((tool) => [tool.name, tool]));
  });
  afterAll(async () => {
    await client.close();
    await api.close();
  });

  test('is registered and healthy, with every operation that can be a tool', async () => {
    const server = await gateway.admin.must<{ openapi: { leftOut: unknown[] } }>('GET', `/api/servers/${name}`);
    expect(server).toMatchObject({ transport: 'openapi', health: 'healthy', error: null, toolCount: count });
    expect(server.openapi.leftOut).toHaveLength(leftOut);
  });

  test('tool names are unique, have at most 64 characters, and are the same when it is registered again', async () => {
    const names = [...tools.keys()];
    expect(names).toHaveLength(count);
    for (const one of names) expect(one).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    await gateway.register({ path: `${name}/again`, openapi: { url: `${api.url}/openapi` }, url: `${api.url}${base}` });
    const again = await gateway.admin.must<{ tools: { name: string }[] }>(
      'GET',
      `/api/servers/${encodeURIComponent(`${name}/again`)}/tools`,
    );
    expect(again.tools.map((tool) => tool.name).sort()).toEqual(names.sort());
  });

  test('schemas are self-contained, and accept the arguments that a client would send', () => {
    for (const { inputSchema } of tools.values()) expect(JSON.stringify(inputSchema)).not.toContain('"$ref"');
    for (const { tool, given } of cases) {
      const schema = tools.get(tool)?.inputSchema;
      expect(new Validator(schema as Schema, '2020-12').validate(given), tool).toMatchObject({ valid: true });
    }
  });

  test.each(cases)(
    '$tool sends the request that the description defines',
    async ({ tool, given, request, headers: sent = {}, body }) => {
      const { isError, content } = await client.callTool({ name: tool, arguments: given });
      expect(isError, JSON.stringify(content)).not.toBe(true);
      const seen = api.seen.at(-1)!;
      const [method, path = ''] = request.split(' ');
      expect(`${seen.method} ${seen.url}`).toBe(`${method} ${base}${path}`);
      const credentials = Object.entries(headers).map(([header, value]) => [header.toLowerCase(), value]);
      expect(seen.headers).toMatchObject({ ...Object.fromEntries(credentials), ...sent });
      expect(await readBody(seen)).toEqual(body);
    },
  );
});
