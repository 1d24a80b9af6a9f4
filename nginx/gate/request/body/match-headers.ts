import type { Message } from '../../json/scan/index.ts';

/** The field that `Mcp-Name` repeats, for the methods that have one. */
function nameOfHeader({ method, name, uri }: Message): string | undefined {
  if (method === 'tools/call' || method === 'prompts/get') return name;
  return method === 'resources/read' ? uri : undefined;
}

/** A header value of the modern protocol as text: non-ASCII values are encoded as `=?base64?…?=`. */
export function decodeHeaderValue(value: string): string {
  const trimmed = value.trim();
  if (trimmed.slice(0, 9).toLowerCase() !== '=?base64?' || !trimmed.endsWith('?=')) return trimmed;
  return ngx.decode_base64(trimmed.slice(9, -2)) ?? '';
}

/**
 * Which of the headers that repeat fields of the body (`Mcp-Method`, `Mcp-Name`, revision 2026-07-28) disagrees with it. The gate decides nothing by
 * them, and an older backend ignores them and follows the body, so one that disagrees is refused in every protocol version.
 */
export function findMismatch(
  method: string | undefined,
  name: string | undefined,
  messages: readonly Message[],
): 'Mcp-Method' | 'Mcp-Name' | undefined {
  if (method === undefined && name === undefined) return undefined;
  const headerMethod = method === undefined ? undefined : decodeHeaderValue(method);
  const headerName = name === undefined ? undefined : decodeHeaderValue(name);
  for (const message of messages) {
    if (message.method === undefined) continue;
    if (headerMethod !== undefined && headerMethod !== message.method) return 'Mcp-Method';
    const bodyName = headerName === undefined ? undefined : nameOfHeader(message);
    if (bodyName !== undefined && headerName !== bodyName) return 'Mcp-Name';
  }
  return undefined;
}
