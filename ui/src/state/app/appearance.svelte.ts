export type Theme = 'system' | 'light' | 'dark';
interface Kept {
  theme: Theme;
  density: 'comfortable' | 'compact';
  sidebar: 'wide' | 'narrow';
  view: 'rows' | 'cards';
  shortcuts: boolean;
}
const FRESH: Kept = { theme: 'system', density: 'comfortable', sidebar: 'wide', view: 'rows', shortcuts: true };
/** What early-theme.js reads before the first paint: the look of whoever was here last. */
const LAST = 'mcpgw:look';

function read(key: string): Partial<Kept> {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Kept>;
  } catch {
    return {};
  }
}

function write(key: string, kept: Kept): void {
  try {
    localStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // Storage is full or closed: it holds for this visit.
  }
}

/** How the UI looks for this person in this browser. */
class Look {
  kept = $state.raw<Kept>({ ...FRESH, ...read(LAST) });
  #user = '';

  /** Takes over what this user chose in this browser, if anything. */
  use(username: string): void {
    this.#user = username;
    this.kept = { ...this.kept, ...read(`${LAST}:${username}`) };
    this.#apply();
  }

  change(changes: Partial<Kept>): void {
    this.kept = { ...this.kept, ...changes };
    write(LAST, this.kept);
    if (this.#user !== '') write(`${LAST}:${this.#user}`, this.kept);
    this.#apply();
  }

  #apply(): void {
    const { dataset } = document.documentElement;
    const { theme, density, sidebar } = this.kept;
    if (theme === 'system') delete dataset['theme'];
    else dataset['theme'] = theme;
    if (density === 'compact') dataset['density'] = density;
    else delete dataset['density'];
    if (sidebar === 'narrow') dataset['sidebar'] = sidebar;
    else delete dataset['sidebar'];
  }
}

export const look = new Look();
