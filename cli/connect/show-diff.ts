import { createTwoFilesPatch } from 'diff';
import { KEY_SHAPE } from '@mcpgw/registry/contract';
import type { Output } from '../output/index.ts';

const KEY = new RegExp(KEY_SHAPE.source.replace(/^\^|\$$/g, ''), 'g');
const COLOURS = { '+': 'green', '-': 'red', '@': 'cyan', ' ': null } as const;

/** Shows what would change in a file; of keys, only the last four characters. */
export function showDiff(output: Output, file: string, before: string, after: string): void {
  const patch = createTwoFilesPatch(file, file, before, after, before === '' ? 'new' : undefined, undefined, {
    context: 3,
  });
  for (const line of patch.split('\n').slice(2)) {
    const colour =
      line.startsWith('---') || line.startsWith('+++')
        ? ('bold' as const)
        : (COLOURS[(line[0] ?? ' ') as keyof typeof COLOURS] ?? null);
    output.note(
      line.replace(KEY, (key) => `mgw_…${key.slice(-4)}`),
      colour,
    );
  }
}
