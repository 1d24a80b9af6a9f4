import { z } from 'zod';
import { configDocument, SETTING_NAMES } from '../../contract/index.ts';
import type { Json } from './json-schemas.ts';

/** Any text that contains a reference, or is one to a file: allowed in place of a number, a boolean or a restricted text. */
const REFERENCE: Json = { type: 'string', pattern: '\\$\\{|^file:' };

const foreign = (what: string) => z.record(z.string(), z.looseObject({})).optional().describe(what);
const configFile = configDocument.extend({
  mcpServers: foreign('servers as clients write them'),
  mcp_servers: foreign('servers as Codex writes them'),
  backends: foreign('servers as other gateways write them: command or http_url'),
});

function allowReferences(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(allowReferences);
  if (typeof schema !== 'object' || schema === null) return schema;
  const node: Json = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, allowReferences(value)]));
  const { type } = node;
  const isNarrow = type === 'string' && ('pattern' in node || 'format' in node || 'enum' in node);
  const isScalar = type === 'number' || type === 'integer' || type === 'boolean';
  if (!isNarrow && !isScalar) return node;
  const { description, default: fallback, ...rest } = node;
  return {
    anyOf: [rest, REFERENCE],
    ...(description !== undefined && { description }),
    ...(fallback !== undefined && { default: fallback }),
  };
}

/** JSON Schema 2020-12 of a configuration file, for editors; generated from the contract. */
export function describeConfigFile(): Json {
  const { $schema, properties, ...rest } = z.toJSONSchema(configFile, { io: 'input', unrepresentable: 'any' }) as Json;
  const { propertyNames: _, ...settings } = (properties as Record<string, Json>)['settings'] ?? {};
  const setting = { type: ['string', 'number', 'boolean'] };
  return {
    $schema,
    title: 'mcpgw.config',
    ...(allowReferences(rest) as Json),
    properties: {
      ...(allowReferences(properties) as Json),
      settings: {
        ...settings,
        additionalProperties: false,
        properties: Object.fromEntries(SETTING_NAMES.map((name) => [name, setting])),
      },
    },
  };
}
