import type { Json } from './message.ts';
import { paramHeaders } from './param-headers.ts';

export const KINDS = ['tools', 'resources', 'prompts'] as const;
export type Kind = (typeof KINDS)[number];

/** How a tool, resource or prompt is called: its form and its request. */
export interface Operation {
  method: string;
  /** JSON Schema of the form. */
  schema: Json;
  toParams: (value: unknown) => Json;
  /** Headers that repeat arguments, in the era without sessions. */
  toHeaders: (value: unknown) => Record<string, string>;
}

interface PromptArgument {
  name: string;
  description?: string;
  required?: boolean;
}

/** `item` is the tool, prompt or resource as listed by the server. */
export function toOperation(kind: Kind, item: Json): Operation {
  const name = item['name'];
  const toHeaders = () => ({});
  if (kind === 'tools') {
    const schema = (item['inputSchema'] ?? {}) as Json;
    return {
      method: 'tools/call',
      schema,
      toParams: (value) => ({ name, arguments: value ?? {} }),
      toHeaders: (value) => paramHeaders(schema, value),
    };
  }
  if (kind === 'resources')
    return {
      method: 'resources/read',
      schema: {
        type: 'object',
        properties: { uri: { type: 'string', default: item['uri'] ?? item['uriTemplate'] } },
        required: ['uri'],
      },
      toParams: (value) => ({ uri: (value as Json | undefined)?.['uri'] }),
      toHeaders,
    };
  const declared = (item['arguments'] ?? []) as PromptArgument[];
  return {
    method: 'prompts/get',
    schema: {
      type: 'object',
      properties: Object.fromEntries(
        declared.map((argument) => [argument.name, { type: 'string', description: argument.description ?? '' }]),
      ),
      required: declared.filter(({ required }) => required === true).map((argument) => argument.name),
    },
    toParams: (value) => ({ name, arguments: value ?? {} }),
    toHeaders,
  };
}

/** What identifies an item in a list: the URI of a resource, else the name. */
export function itemId(kind: Kind, item: Json): string {
  return String(kind === 'resources' ? (item['uri'] ?? item['uriTemplate']) : item['name']);
}
