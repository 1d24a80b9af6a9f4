/** The fields of a message that its headers repeat. */
export interface HeaderFields {
  method: string | undefined;
  /** `params.name` or `params.uri`, for the methods that have one. */
  name: string | undefined;
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
  messages: readonly HeaderFields[],
): 'Mcp-Method' | 'Mcp-Name' | undefined {
  if (method === undefined && name === undefined) return undefined;
  const saidMethod = method === undefined ? undefined : decodeHeaderValue(method);
  const saidName = name === undefined ? undefined : decodeHeaderValue(name);
  for (const message of messages) {
    if (message.method === undefined) continue;
    if (saidMethod !== undefined && saidMethod !== message.method) return 'Mcp-Method';
    if (saidName !== undefined && message.name !== undefined && saidName !== message.name) return 'Mcp-Name';
  }
  return undefined;
}
