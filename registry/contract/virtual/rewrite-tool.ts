import { isRecord } from '../rules/is-record.ts';
import { ownMember } from '../rules/own-member.ts';
import { nameOfVirtualTool } from './virtual-names.ts';
import type { VirtualTool } from './virtual-server.ts';

type Fields = Record<string, unknown>;

/** A tool as a server lists it. */
export interface SourceTool extends Fields {
  name: string;
}

/** The tool that an agent sees in place of the tool of a server, or why it sees none. */
export type Rewritten = { tool: SourceTool } | { problem: string };

const strings = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** Keywords whose schemas describe the same object (JSON Schema 2020-12, 10.2). */
const SAME_OBJECT_LISTS = ['allOf', 'anyOf', 'oneOf'] as const;
const SAME_OBJECT = ['if', 'then', 'else'] as const;

function without(record: Fields, names: ReadonlySet<string>): Fields {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.has(name)));
}

/** A schema of an object without some of its properties, and without references to them in other members. */
function removeProperties(schema: unknown, names: ReadonlySet<string>): unknown {
  if (!isRecord(schema)) return schema;
  const rest: Fields = { ...schema };
  for (const keyword of ['properties', 'dependentRequired', 'dependentSchemas', 'dependencies'])
    if (isRecord(rest[keyword])) rest[keyword] = without(rest[keyword], names);
  if (Array.isArray(rest['required'])) {
    const required = strings(rest['required']).filter((name) => !names.has(name));
    if (required.length > 0) rest['required'] = required;
    else delete rest['required'];
  }
  for (const keyword of SAME_OBJECT_LISTS)
    if (Array.isArray(rest[keyword])) rest[keyword] = rest[keyword].map((one: unknown) => removeProperties(one, names));
  for (const keyword of SAME_OBJECT)
    if (rest[keyword] !== undefined) rest[keyword] = removeProperties(rest[keyword], names);
  return rest;
}

/** Explains the first argument of the definition that does not fit the tool; undefined: there is none. */
function findMismatch(schema: Fields, { tool, server, fixed = {}, hidden = [] }: VirtualTool): string | undefined {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const missing = [...Object.keys(fixed), ...hidden].find((name) => ownMember(properties, name) === undefined);
  // A schema that names no property, or allows others, accepts any.
  const isClosed =
    Object.keys(properties).length > 0 &&
    !isRecord(schema['additionalProperties']) &&
    schema['additionalProperties'] !== true;
  if (missing !== undefined && isClosed) return `"${tool}" of "${server}" has no argument "${missing}"`;
  const required = new Set(strings(schema['required']));
  const needed = hidden.find((name) => required.has(name));
  return needed === undefined
    ? undefined
    : `"${tool}" of "${server}" requires "${needed}", which is hidden; give it a fixed value`;
}

/** A tool of a server under the name, text and arguments of a virtual server. */
export function rewriteTool(source: SourceTool, definition: VirtualTool): Rewritten {
  const { title, description, fixed = {}, hidden = [] } = definition;
  const schema = isRecord(source['inputSchema']) ? source['inputSchema'] : { type: 'object' };
  const mismatch = findMismatch(schema, definition);
  if (mismatch !== undefined) return { problem: mismatch };
  const removed = new Set([...Object.keys(fixed), ...hidden]);
  const annotations = isRecord(source['annotations']) ? { ...source['annotations'] } : undefined;
  // It contains the original title too.
  if (title !== undefined && annotations !== undefined) delete annotations['title'];
  return {
    tool: {
      ...source,
      name: nameOfVirtualTool(definition),
      ...(title !== undefined && { title }),
      ...(description !== undefined && { description }),
      inputSchema: removed.size === 0 ? schema : removeProperties(schema, removed),
      ...(annotations !== undefined && { annotations }),
    },
  };
}

/** The arguments to send to the server of a tool for those that an agent sent, or why none are sent. */
export function rewriteArguments(
  sent: Fields,
  { fixed = {}, hidden = [] }: VirtualTool,
): { arguments: Fields } | { problem: string } {
  const own = Object.keys(sent).filter((name) => Object.hasOwn(fixed, name));
  if (own.length > 0) {
    const names = own.map((name) => JSON.stringify(name)).join(', ');
    return {
      problem: `${own.length === 1 ? 'the argument' : 'the arguments'} ${names} cannot be given here: this tool sends a fixed value. Call it again without`,
    };
  }
  return { arguments: { ...without(sent, new Set(hidden)), ...fixed } };
}
