import { isRecord } from '@mcpgw/registry/contract';

/** JSON-RPC 2.0 as MCP uses it. */
export type Id = string | number;
export type Params = Record<string, unknown>;
export interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}
export type Outcome = { result: Params } | { error: RpcError };
export interface RequestMessage {
  jsonrpc: '2.0';
  id: Id;
  method: string;
  params?: Params;
}
export interface NotificationMessage {
  jsonrpc: '2.0';
  method: string;
  params?: Params;
}
export type ResponseMessage = { jsonrpc: '2.0'; id: Id } & Outcome;
export type Message = RequestMessage | NotificationMessage | ResponseMessage;

const isId = (value: unknown): value is Id => typeof value === 'string' || typeof value === 'number';

/** Parses a line; undefined: it is not a valid message. */
export function parseMessage(line: string): Message | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value['jsonrpc'] !== '2.0') return undefined;
  if (value['params'] !== undefined && !isRecord(value['params'])) return undefined;
  if (typeof value['method'] === 'string')
    return value['id'] === undefined || isId(value['id']) ? (value as unknown as Message) : undefined;
  const hasOutcome = isRecord(value['result']) || isRecord(value['error']);
  return isId(value['id']) && hasOutcome ? (value as unknown as ResponseMessage) : undefined;
}

export const isRequest = (message: Message): message is RequestMessage => 'method' in message && 'id' in message;
export const isResponse = (message: Message): message is ResponseMessage => !('method' in message);
