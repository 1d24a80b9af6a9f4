import type { Message } from './body.ts';

/** A header value of the modern protocol as text: what is not ASCII comes as `=?base64?…?=`. */
export function decodeMirror(value: string): string {
  const trimmed = value.trim();
  if (trimmed.slice(0, 9).toLowerCase() !== '=?base64?' || trimmed.slice(-2) !== '?=') return trimmed;
  return Buffer.from(trimmed.slice(9, -2), 'base64').toString('utf8');
}

/**
 * Which of the headers that mirror the body (`Mcp-Method`, `Mcp-Name`, revision 2026-07-28) disagrees with it, or null. They decide nothing:
 * an older backend ignores them and obeys the body, so one that disagrees is refused whatever the protocol version.
 */
export function findMismatch(
  method: string | undefined,
  name: string | undefined,
  messages: Message[],
): 'Mcp-Method' | 'Mcp-Name' | null {
  if (method === undefined && name === undefined) return null;
  for (let i = 0; i < messages.length; i += 1) {
    const message = messages[i];
    if (message === undefined || message.method === null) continue;
    if (method !== undefined && decodeMirror(method) !== message.method) return 'Mcp-Method';
    if (name !== undefined && message.name !== null && decodeMirror(name) !== message.name) return 'Mcp-Name';
  }
  return null;
}
