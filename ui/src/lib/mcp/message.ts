import { MODERN_VERSION } from '@mcpgw/registry/contract';

export type Json = Record<string, unknown>;

/** A JSON-RPC message of either direction. */
export interface Message {
  jsonrpc: '2.0';
  id?: number | string | null;
  method?: string;
  params?: Json;
  result?: Json;
  error?: { code: number; message: string; data?: unknown };
}

/** The server or the gateway returned a JSON-RPC error, or a response that is not MCP. */
export class McpError extends Error {
  readonly code: number | null;
  readonly data: unknown;

  constructor(message: string, code: number | null = null, data?: unknown) {
    super(message);
    this.name = 'McpError';
    this.code = code;
    this.data = data;
  }

  /** The gateway's hint on what to do. */
  get hint(): string | undefined {
    const hint = (this.data as { hint?: unknown } | undefined)?.hint;
    return typeof hint === 'string' ? hint : undefined;
  }
}

export interface RequestHandlers {
  /** A notification that belongs to the request: progress, a log message … */
  onNotification?: (message: Message) => void;
  /** The server requests input from the user; the result is sent to it. */
  onElicitation?: (method: string, params: Json) => Promise<Json>;
  /** Aborting cancels the request, also on the server. */
  signal?: AbortSignal;
  /** Additional headers of the request, in the era without sessions. */
  headers?: Record<string, string>;
}

export const CLIENT_INFO = { name: 'mcpgw-playground', version: '1' };
export const CAPABILITIES = { elicitation: {} };

/** The `_meta` that every request of the era without sessions carries. */
export function modernMeta(): Json {
  return {
    'io.modelcontextprotocol/protocolVersion': MODERN_VERSION,
    'io.modelcontextprotocol/clientInfo': CLIENT_INFO,
    'io.modelcontextprotocol/clientCapabilities': CAPABILITIES,
  };
}

/** Any text as a header value (MCP 2026-07-28: Base64 of UTF-8 where it is not printable ASCII, or would be read as Base64). */
export function encodeHeader(text: string): string {
  const isPlain = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text);
  if (isPlain && !(text.startsWith('=?base64?') && text.endsWith('?='))) return text;
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte));
  return `=?base64?${btoa(bytes.join(''))}?=`;
}

/** The headers that mirror a request of the era without sessions. */
export function modernHeaders(method: string, params: Json): Record<string, string> {
  const name = params['name'] ?? params['uri'];
  return {
    'MCP-Protocol-Version': MODERN_VERSION,
    'Mcp-Method': method,
    ...(typeof name === 'string' && { 'Mcp-Name': encodeHeader(name) }),
  };
}
