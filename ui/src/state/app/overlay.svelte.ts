interface Question {
  title: string;
  text: string;
  yes: string;
  /** To be typed before "yes" works, for what cannot be undone. */
  typed?: string;
  danger?: boolean;
}

/** What lies over the page: palette, list of shortcuts, and questions. */
class Overlay {
  palette = $state(false);
  shortcuts = $state(false);
  drawer = $state(false);
  question = $state.raw<Question | null>(null);
  #answer: (yes: boolean) => void = () => undefined;

  /** Asks something; resolves with what the person said. */
  ask(question: Question): Promise<boolean> {
    this.#answer(false);
    this.question = question;
    return new Promise((resolve) => (this.#answer = resolve));
  }

  reply(yes: boolean): void {
    this.question = null;
    this.#answer(yes);
  }
}

export const overlay = new Overlay();
