import type { CallView } from '../../../contract/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { CALL_COLUMNS, toCsvRow } from './call-csv.ts';

type Calls = NonNullable<AppDeps['calls']>;
type Search = Parameters<Calls['search']>[0];

const PAGE = 2_000;
const BUDGET_MS = 500;

/** Yields all calls of a search, newest first, in pages. */
export async function* exportCalls(
  calls: Calls,
  { filter, fromMs, before }: Pick<Search, 'filter' | 'fromMs' | 'before'>,
): AsyncGenerator<CallView[], void> {
  let place: Search['before'] | null = before;
  while (place !== null) {
    const found = await calls.search({ filter, fromMs, before: place, limit: PAGE, budgetMs: BUDGET_MS });
    yield found.calls;
    place = found.next;
  }
}

/** Yields the text of an export. `first` is the first page, `rest` yields the others. */
export async function* writeExport(
  format: 'jsonl' | 'csv',
  first: IteratorResult<CallView[], void>,
  rest: AsyncGenerator<CallView[], void>,
): AsyncGenerator<string, void> {
  if (format === 'csv') yield `${CALL_COLUMNS.join(',')}\r\n`;
  const toLine = format === 'csv' ? toCsvRow : (call: CallView) => `${JSON.stringify(call)}\n`;
  for (let page = first; page.done !== true; page = await rest.next()) yield page.value.map(toLine).join('');
}
