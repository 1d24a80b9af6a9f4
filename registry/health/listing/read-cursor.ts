import { quoteForeign } from '../explain/redact.ts';
import type { Flaw } from '../probe/flaw.ts';

const MAX_PAGES = 100;
const REMEDY =
  'Leave nextCursor out on the last page, and let each cursor lead to the next page: clients follow it without end.';

/** The cursors of a list that were followed, in order. */
export type Followed = ReadonlySet<string>;

/** The cursor of the next page; null: this is the last page; or the flaw of the cursor, after which reading stops (MCP "Pagination"). */
export function readCursor(nextCursor: unknown, followed: Followed, hasNew: boolean): string | null | Flaw {
  if (nextCursor === undefined || nextCursor === '') return null;
  if (typeof nextCursor !== 'string')
    return {
      problem: `Its tools/list has nextCursor ${JSON.stringify(nextCursor).slice(0, 40)}, which is not a string`,
      remedy: 'Leave nextCursor out on the last page: many MCP clients reject the list.',
    };
  const quote = (cursor: string) => JSON.stringify(quoteForeign(cursor, 60));
  if (followed.has(nextCursor))
    return { problem: `Its tools/list never ends: the cursor ${quote(nextCursor)} was sent twice`, remedy: REMEDY };
  const last = [...followed].at(-1);
  if (last !== undefined && !hasNew)
    return {
      problem: `Its tools/list never ends: after the cursor ${quote(last)} no new tool is listed`,
      remedy: REMEDY,
    };
  if (followed.size + 1 >= MAX_PAGES)
    return {
      problem: `Its tools/list has more than ${MAX_PAGES} pages; the rest is ignored`,
      remedy: 'Make it list more tools on a page.',
    };
  return nextCursor;
}
