export type Theme = 'system' | 'light' | 'dark';
interface Preferences {
  theme: Theme;
  density: 'comfortable' | 'compact';
  sidebar: 'wide' | 'narrow';
  shortcuts: boolean;
  /** Browser notifications. */
  alerts: boolean;
}
const DEFAULTS: Preferences = {
  theme: 'system',
  density: 'comfortable',
  sidebar: 'wide',
  shortcuts: true,
  alerts: false,
};
/** Preferences of the last user; early-theme.js applies them before the first paint. */
const STORAGE_KEY = 'mcpgw:appearance';

function read(key: string): Partial<Preferences> {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Preferences>;
  } catch {
    return {};
  }
}

function write(key: string, preferences: Preferences): void {
  try {
    localStorage.setItem(key, JSON.stringify(preferences));
  } catch {
    // Storage is full or unavailable: the preferences apply until the page is closed.
  }
}

/** Appearance preferences of the current user, stored in this browser. */
class Appearance {
  preferences = $state.raw<Preferences>({ ...DEFAULTS, ...read(STORAGE_KEY) });
  #user = '';

  /** Loads the preferences of this user. */
  loadFor(username: string): void {
    this.#user = username;
    this.preferences = { ...this.preferences, ...read(`${STORAGE_KEY}:${username}`) };
    this.#apply();
  }

  update(changes: Partial<Preferences>): void {
    this.preferences = { ...this.preferences, ...changes };
    write(STORAGE_KEY, this.preferences);
    if (this.#user !== '') write(`${STORAGE_KEY}:${this.#user}`, this.preferences);
    this.#apply();
  }

  #apply(): void {
    const { dataset } = document.documentElement;
    const { theme, density, sidebar } = this.preferences;
    if (theme === 'system') delete dataset['theme'];
    else dataset['theme'] = theme;
    if (density === 'compact') dataset['density'] = density;
    else delete dataset['density'];
    if (sidebar === 'narrow') dataset['sidebar'] = sidebar;
    else delete dataset['sidebar'];
  }
}

export const appearance = new Appearance();
