import type { Message } from '../../json/scan/index.ts';

/** The field that `Mcp-Name` repeats, for the methods that have one. */
function nameOfHeader({ method, name, uri }: Message): string | undefined {
  if (method === 'tools/call' || method === 'prompts/get') return name;
  return method === 'resources/read' ? uri : undefined;
}

/** A header value of the modern protocol as text: what is not ASCII comes as `=?base64?…?=`. */
export function decodeHeaderValue(value: string): string {
  const trimmed = value.trim();
  if (trimmed.slice(0, 9).toLowerCase() !== '=?base64?' || !trimmed.endsWith('?=')) return trimmed;
  return ngx.decode_base64(trimmed.slice(9, -2)) ?? '';
}

/**
 * Which of the headers that repeat fields of the body (`Mcp-Method`, `Mcp-Name`, revision 2026-07-28) disagrees with it. They decide nothing: an older
 * backend ignores them and obeys the body, so one that disagrees is refused whatever the protocol version.
 */
export function findMismatch(
  method: string | undefined,
  name: string | undefined,
  messages: readonly Message[],
): 'Mcp-Method' | 'Mcp-Name' | undefined {
  if (method === undefined && name === undefined) return undefined;
  const saidMethod = method === undefined ? undefined : decodeHeaderValue(method);
  const saidName = name === undefined ? undefined : decodeHeaderValue(name);
  for (const message of messages) {
    if (message.method === undefined) continue;
    if (saidMethod !== undefined && saidMethod !== message.method) return 'Mcp-Method';
    const held = saidName === undefined ? undefined : nameOfHeader(message);
    if (held !== undefined && saidName !== held) return 'Mcp-Name';
  }
  return undefined;
}
