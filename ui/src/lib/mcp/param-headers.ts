import { isRecord } from '@mcpgw/registry/contract';
import { encodeHeader, type Json } from './message.ts';

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
    ? String(value)
    : undefined;
}

/**
 * The headers `Mcp-Param-…` of a call: arguments that the input schema of the tool marks with `x-mcp-header` (MCP 2026-07-28). Such a mark
 * counts on properties, and on properties of these; an argument that is left out has no header.
 */
export function paramHeaders(schema: Json, args: unknown): Record<string, string> {
  const headers: Record<string, string> = {};
  const { properties } = schema;
  if (!isRecord(properties) || !isRecord(args)) return headers;
  for (const [name, property] of Object.entries(properties)) {
    if (!isRecord(property) || !Object.hasOwn(args, name)) continue;
    const mark = property['x-mcp-header'];
    const text = toText(args[name]);
    if (typeof mark === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(mark) && text !== undefined)
      headers[`Mcp-Param-${mark}`] = encodeHeader(text);
    Object.assign(headers, paramHeaders(property, args[name]));
  }
  return headers;
}
