import { location } from './location.svelte.ts';
import { overlay } from './overlay.svelte.ts';

/** Unsaved changes, by form. One page may have several such forms; leaving it prompts once. */
class Unsaved {
  readonly #forms = new Map<symbol, string>();

  constructor() {
    location.guard(() => this.#mayLeave());
  }

  /** Marks a form as edited: "the grants of readers". Returns a function that removes the mark, for an effect. */
  mark(what: string): () => void {
    const form = Symbol(what);
    this.#forms.set(form, what);
    if (this.#forms.size === 1) addEventListener('beforeunload', this.#confirmUnload);
    return () => {
      this.#forms.delete(form);
      if (this.#forms.size === 0) removeEventListener('beforeunload', this.#confirmUnload);
    };
  }

  async #mayLeave(): Promise<boolean> {
    if (this.#forms.size === 0) return true;
    const names = new Intl.ListFormat('en').format(new Set(this.#forms.values()));
    return overlay.confirm({
      title: 'Leave without saving?',
      text: `Unsaved changes: ${names}.`,
      confirmLabel: 'Leave',
      danger: true,
    });
  }

  readonly #confirmUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
}

export const unsaved = new Unsaved();
