import type { KillScope } from '@mcpgw/registry/contract';

interface Confirmation {
  title: string;
  text: string;
  confirmLabel: string;
  /** Text that must be typed to enable the confirm button, for irreversible actions. */
  confirmText?: string;
  danger?: boolean;
}

/** Which overlays are open: command palette, shortcuts, sidebar drawer, kill switch, confirmation dialog. */
class Overlay {
  palette = $state(false);
  shortcuts = $state(false);
  drawer = $state(false);
  /** What the open kill switch dialog would stop. */
  kill = $state.raw<{ scope: KillScope; target: string | null } | null>(null);
  confirmation = $state.raw<Confirmation | null>(null);
  #resolve: (confirmed: boolean) => void = () => undefined;

  /** Opens a confirmation dialog; resolves true if the user confirms. */
  confirm(confirmation: Confirmation): Promise<boolean> {
    this.#resolve(false);
    this.confirmation = confirmation;
    return new Promise((resolve) => (this.#resolve = resolve));
  }

  answer(confirmed: boolean): void {
    this.confirmation = null;
    this.#resolve(confirmed);
  }
}

export const overlay = new Overlay();
