import { Option, type Command } from 'commander';
import type { CallView } from '@mcpgw/registry/contract';
import { readMoment } from '../../program/read-moment.ts';

const VERDICTS: CallView['verdict'][] = ['allowed', 'refused', 'limited'];

export interface FilterOptions {
  agent?: string;
  server?: string;
  tool?: string;
  verdict?: CallView['verdict'];
  status?: string;
  toolError?: 'true' | 'false';
  minMs?: string;
  trace?: string;
  requestId?: string;
}
export interface SpanOptions {
  since?: string | undefined;
  until?: string | undefined;
}

/** Adds the options that filter calls. */
export function addFilter(command: Command): Command {
  return command
    .option('--agent <name>', 'only of this agent')
    .option('--server <path>', 'only to this server')
    .option('--tool <name>', 'only of this tool')
    .addOption(
      new Option('--verdict <verdict>', 'only those that were allowed, refused, or rejected by a limit').choices(
        VERDICTS,
      ),
    )
    .option('--status <status>', 'only with this status: 404, 5xx, failed')
    .addOption(
      new Option('--tool-error <value>', 'only those with (or without) a tool error, if that is recorded').choices([
        'true',
        'false',
      ]),
    )
    .option('--min-ms <ms>', 'only those that took at least this long')
    .option('--trace <id>', 'only of this trace: 32 hexadecimal digits')
    .option('--request-id <id>', 'only the request with this id');
}

/** Adds the options that limit the time range. */
export function addSpan(command: Command): Command {
  return command
    .option('--since <when>', 'start of the time range: 1h, 2d, a date or time')
    .option('--until <when>', 'end of the time range: 1h, 2d, a date or time');
}

/** Converts the filter to query parameters of the API. */
export function readFilter({ server, ...rest }: FilterOptions) {
  const { agent, tool, verdict, status, toolError, minMs, trace, requestId } = rest;
  const path = server?.replace(/^\/+|\/+$/g, '');
  return { agent, server: path, tool, verdict, status, toolError, minMs, trace, requestId };
}

/** Converts the time range to query parameters of the API. */
export function readSpan({ since, until }: SpanOptions): { from?: string; to?: string } {
  return {
    ...(since !== undefined && { from: readMoment(since, '--since', -1) }),
    ...(until !== undefined && { to: readMoment(until, '--until', -1) }),
  };
}
