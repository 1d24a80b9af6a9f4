import type { ServerStatus, ServerView } from '../../contract/index.ts';

export interface ServerQuery {
  /** Words that must all occur in path, name, description or tags. */
  q?: string | undefined;
  status?: ServerStatus | undefined;
  tag?: string | undefined;
  limit: number;
  /** Only servers whose path sorts after this one. */
  afterPath?: string | undefined;
}

function matches(view: ServerView, words: readonly string[]): boolean {
  const text = `${view.path} ${view.name} ${view.description} ${view.tags.join(' ')}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** The first `limit` of `views` (sorted by path) that match a query. */
export function filterServers(views: Iterable<ServerView>, query: ServerQuery): ServerView[] {
  const words = (query.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const tag = query.tag?.toLowerCase();
  const found: ServerView[] = [];
  for (const view of views) {
    if (found.length === query.limit) break;
    if (query.afterPath !== undefined && view.path <= query.afterPath) continue;
    if (query.status !== undefined && view.status !== query.status) continue;
    if (tag !== undefined && !view.tags.includes(tag)) continue;
    if (words.length > 0 && !matches(view, words)) continue;
    found.push(view);
  }
  return found;
}
