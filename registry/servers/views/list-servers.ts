import type { Page, ServerStatus, ServerView } from '../../contract/index.ts';
import { RegistryError } from '../../errors.ts';

export interface ServerQuery {
  /** Words that must all occur in path, name, description or tags. */
  q?: string | undefined;
  status?: ServerStatus | undefined;
  tag?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

/** URL-safe name of the place where a page ended: the last path on it. */
export function writeCursor(path: string): string {
  return Buffer.from(path).toString('base64url');
}

/** Reads a cursor back. Throws RegistryError `invalid` when it is none. */
export function readCursor(cursor: string): string {
  const path = Buffer.from(cursor, 'base64url').toString('utf8');
  if (writeCursor(path) === cursor && path !== '') return path;
  throw new RegistryError('invalid', 'cursor: this is not a cursor of this list', {
    errors: [{ field: 'cursor', message: 'give the nextCursor of the page before, unchanged' }],
    hint: 'Leave the cursor out to begin again.',
  });
}

function matches(view: ServerView, words: readonly string[]): boolean {
  const text = `${view.path} ${view.name} ${view.description} ${view.tags.join(' ')}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The page of `views` (sorted by path) that a query asks for. */
export function pageServers(views: Iterable<ServerView>, query: ServerQuery): Page<ServerView> {
  const words = (query.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const tag = query.tag?.toLowerCase();
  const after = query.cursor === undefined ? '' : readCursor(query.cursor);
  const items: ServerView[] = [];
  for (const view of views) {
    if (after !== '' && view.path <= after) continue;
    if (query.status !== undefined && view.status !== query.status) continue;
    if (tag !== undefined && !view.tags.includes(tag)) continue;
    if (words.length > 0 && !matches(view, words)) continue;
    if (items.length === query.limit) return { items, nextCursor: writeCursor(items.at(-1)?.path ?? '') };
    items.push(view);
  }
  return { items };
}
