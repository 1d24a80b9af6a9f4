import type { z } from 'zod';
import { COOKIE_REFUSED, isCookie } from './headers.ts';
import { PROGRAM_FIELDS } from '../program/program.ts';
import { isWebSocketUrl } from '../rules/explain-instance-url.ts';
import { isProgram, kindOfServer } from '../rules/served-by.ts';
import type { Transport } from './transport.ts';

type Addressed = { transport: Transport } & Partial<
  Record<
    | 'headers'
    | 'instances'
    | 'url'
    | 'proxy_pass_url'
    | 'adapt'
    | 'tools'
    | 'openapi'
    | 'docker'
    | (typeof PROGRAM_FIELDS)[number],
    unknown
  >
>;

/** The URLs of an input; their own schema reports problems with them. */
function listUrls({ instances, url, proxy_pass_url }: Addressed): string[] {
  const listed = Array.isArray(instances) ? instances.map((one: { url?: unknown }) => one.url) : [];
  return [url, proxy_pass_url, ...listed].filter((one) => typeof one === 'string');
}

const isWebSocket = (input: Addressed): boolean =>
  input.transport === 'websocket' || (input.transport === 'auto' && listUrls(input).some(isWebSocketUrl));

type Issue = (field: string, message: string) => void;

/** A server that the bridge adapts has one instance, and its URL must match the protocol. */
function checkAdapted(input: Addressed, named: string, issue: Issue): void {
  const overWebSocket = isWebSocket(input);
  const mismatch = listUrls(input).some((url) => isWebSocketUrl(url) !== overWebSocket);
  if (mismatch && overWebSocket) issue(named, 'a WebSocket server has a URL that begins with ws:// or wss://');
  else if (mismatch)
    issue(named, 'a URL that begins with ws:// or wss:// is that of a WebSocket server; use "transport": "websocket"');
  if ((overWebSocket || input.adapt === true) && Array.isArray(input.instances) && input.instances.length > 1)
    issue('instances', 'a server that the bridge adapts has one instance');
}

/** A server is at a URL, is a program, is a REST API with a description or is virtual; a field that belongs to one of them determines which. */
export function checkTarget(input: Addressed, context: z.RefinementCtx): void {
  const issue = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  const given = (['instances', 'url', 'proxy_pass_url'] as const).filter((field) => input[field] !== undefined);
  const program = PROGRAM_FIELDS.find((field) => input[field] !== undefined);
  const isAuto = input.transport === 'auto';
  const hasCookie = Object.keys(input.headers ?? {}).some(isCookie);
  if (hasCookie && input.openapi === undefined) issue('headers', COOKIE_REFUSED);
  const runs = isAuto && (input.command !== undefined || input.docker !== undefined);
  if (input.adapt === true && kindOfServer(nameTransport(input, runs)) !== 'url')
    issue('adapt', 'only a server at an http URL has "adapt"; others are always offered in every protocol version');
  if (input.transport === 'virtual' || (isAuto && input.tools !== undefined)) {
    if (input.tools === undefined) issue('tools', 'the tools are missing; give "tools", each with "server" and "tool"');
    const other = given[0] ?? program ?? (input.openapi === undefined ? undefined : 'openapi');
    if (other !== undefined) issue(other, `"${other}" does not belong to a virtual server, which has only "tools"`);
    return;
  }
  if (input.tools !== undefined) issue('tools', '"tools" belong to a virtual server; use "transport": "virtual"');
  if (input.transport === 'docker' || (isAuto && input.docker !== undefined)) {
    if (input.docker === undefined)
      issue('docker', 'the container is missing; give "docker" with "image" or "container"');
    const other = given[0] ?? (['command', 'cwd', 'openapi'] as const).find((field) => input[field] !== undefined);
    if (other !== undefined)
      issue(other, `"${other}" does not belong to a server in a container; "args" is what is run there`);
    if (input.confinement !== undefined && input.confinement !== null)
      issue('confinement', 'it would confine the command "docker" and not the container; limit the container itself');
    const isEmpty = !Array.isArray(input.args) || input.args.length === 0;
    if ((input.docker as { container?: string } | undefined)?.container !== undefined && isEmpty)
      issue('args', 'say what to run in the container: the program and its arguments');
    return;
  }
  if (input.docker !== undefined) issue('docker', '"docker" belongs to "transport": "docker"');
  if (isProgram(input.transport) || (isAuto && input.command !== undefined)) {
    if (input.command === undefined) issue('command', 'a program is missing; give "command" and "args"');
    if (given[0] !== undefined) issue(given[0], 'a server with "command" has no URL; give only one');
    if (input.openapi !== undefined) issue('openapi', 'a server with "command" has no description; give only one');
    return;
  }
  const isApi = input.transport === 'openapi' || (isAuto && input.openapi !== undefined);
  if (isApi && input.openapi === undefined) issue('openapi', 'a description is missing; give its "url" or "document"');
  if (!isApi && input.openapi !== undefined)
    issue('openapi', 'a description belongs to a REST API; use "transport": "openapi"');
  if (given.length === 0 && !isApi)
    issue('url', 'a URL is missing; give "url" (one instance), "instances", "command" for a program or "openapi"');
  if (given.length > 1) issue(given[1] ?? 'url', `give only one of ${given.join(', ')}`);
  if (isApi && Array.isArray(input.instances) && input.instances.length > 1)
    issue('instances', 'a server with "openapi" has one instance');
  checkAdapted(input, given[0] ?? 'url', issue);
  if (program !== undefined) issue(program, `"${program}" belongs to a program; use "transport": "stdio"`);
}

/** The transport of a server, derived from its fields if it is not set. */
export function nameTransport(input: Addressed, isProgram: boolean): Transport {
  if (input.tools !== undefined) return 'virtual';
  if (isProgram) return 'stdio';
  if (input.openapi !== undefined) return 'openapi';
  return isWebSocket(input) ? 'websocket' : input.transport;
}
