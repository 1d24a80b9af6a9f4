import type { ConfigPlan } from '@mcpgw/registry/contract';
import { paint, type Output } from '../../output/index.ts';

const SIGNS = { add: ['+', 'green'], change: ['~', 'yellow'], remove: ['-', 'red'] } as const;

const show = (value: unknown): string => (value === null ? '(none)' : JSON.stringify(value));

/** How many of each kind of change: `2 to add, 1 to change, 0 to remove`. */
export function summarise({ changes, unchanged }: ConfigPlan): string {
  const count = (action: string) => changes.filter((change) => change.action === action).length;
  return `${count('add')} to add, ${count('change')} to change, ${count('remove')} to remove, ${unchanged} unchanged`;
}

/** Prints a plan for people: what is added, changed and removed, field by field. */
export function showPlan(output: Output, plan: ConfigPlan): void {
  for (const { action, kind, name, fields, adopts } of plan.changes) {
    const [sign, colour] = SIGNS[action];
    const adopted = adopts ? ` (is managed by "${plan.source}" from now on)` : '';
    // Painted line by line: names come from a file and are escaped by `text`.
    process.stdout.write(paint(colour, `${sign} `));
    output.text(`${kind} ${name}${adopted}`);
    for (const { field, before, after } of fields)
      if (action === 'add') output.text(`      ${field} = ${show(after)}`);
      else output.text(`      ${field}: ${show(before)} -> ${show(after)}`);
  }
  for (const { name, reason } of plan.skipped) output.note(`skipped ${name}: ${reason}`);
  for (const { kind, name, by, at } of plan.takenOver)
    output.note(`left alone: ${kind} ${name} was taken over by ${by} at ${at}`);
  output.text(plan.changes.length === 0 ? 'Nothing to change.' : `${summarise(plan)}.`);
}
