import type { CallView } from '@mcpgw/registry/contract';
import { colourOf, showMs, type Cell, type Column, type Output } from '../../output/index.ts';

const COLUMNS: readonly Column[] = [
  { title: 'TIME' },
  { title: 'AGENT' },
  { title: 'SERVER' },
  { title: 'CALL' },
  { title: 'STATUS', align: 'right' },
  { title: 'TOOK', align: 'right' },
  { title: 'REASON' },
];

function what({ methods, tools }: CallView): string {
  if (tools.length > 0) return tools.join(' ');
  return methods.join(' ') || '-';
}

function toRow(call: CallView): Cell[] {
  return [
    call.at.replace('T', ' ').replace(/\.\d+Z$/, 'Z'),
    call.agent ?? '-',
    call.server ?? '-',
    what(call),
    { text: String(call.status), colour: call.status >= 400 ? 'red' : null },
    showMs(call.durationMs),
    { text: call.reason ?? '', colour: colourOf(call.verdict) },
  ];
}

/** A table of calls. */
export function showCalls(output: Output, calls: readonly CallView[], whenEmpty: string): void {
  output.table(COLUMNS, calls.map(toRow), whenEmpty);
}

/** One call on one line, for live output. */
export function showCallLine(output: Output, call: CallView): void {
  output.line(toRow(call));
}
