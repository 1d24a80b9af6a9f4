/** A single-key shortcut. A sequence is written with a space: "g s". */
export interface Shortcut {
  keys: string;
  label: string;
  run: () => void;
}

const SEQUENCE_TIMEOUT_MS = 1_200;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select');
}

/**
 * Returns a keydown listener for `shortcuts`. It ignores keys that are typed into fields, with modifiers, or while a dialog is open.
 * WCAG 2.1.4 requires that single-key shortcuts can be turned off: the caller then does not call the listener.
 */
export function createShortcutListener(shortcuts: () => readonly Shortcut[], nowMs: () => number = Date.now) {
  let previous = { key: '', atMs: 0 };
  return (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector('dialog[open], [popover][role=menu]:popover-open')) return;
    const sequence = nowMs() - previous.atMs < SEQUENCE_TIMEOUT_MS ? `${previous.key} ${event.key}` : '';
    const found =
      shortcuts().find(({ keys }) => keys === sequence) ?? shortcuts().find(({ keys }) => keys === event.key);
    previous = { key: event.key, atMs: nowMs() };
    if (found === undefined) return;
    event.preventDefault();
    found.run();
  };
}
