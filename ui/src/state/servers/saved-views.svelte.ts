import { session } from '../app/session.svelte.ts';

export interface SavedView {
  name: string;
  /** The query of the page: "filter=attention&tag=ci". */
  query: string;
}
const MAX_VIEWS = 30;
const keyOf = (user: string): string => `mcpgw:views:${user}`;

function read(user: string): SavedView[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(user)) ?? '[]');
    return Array.isArray(stored) ? (stored as SavedView[]) : [];
  } catch {
    return [];
  }
}

/** Filters, order and groups of the server list that a user has saved; stored in this browser. */
class SavedViews {
  readonly #user = $derived(session.user?.name ?? '');
  #version = $state(0);
  readonly list: readonly SavedView[] = $derived(this.#version >= 0 ? read(this.#user) : []);

  /** Saves a view; one of the same name is replaced. */
  save(name: string, query: string): void {
    this.#write([...this.list.filter((view) => view.name !== name), { name, query }].slice(-MAX_VIEWS));
  }

  remove(name: string): void {
    this.#write(this.list.filter((view) => view.name !== name));
  }

  #write(views: readonly SavedView[]): void {
    try {
      localStorage.setItem(keyOf(this.#user), JSON.stringify(views));
    } catch {
      // Storage is full or unavailable: the view cannot be saved in this browser.
    }
    this.#version += 1;
  }
}

export const savedViews = new SavedViews();
