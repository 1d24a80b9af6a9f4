/** What single keys do. A sequence is written with a space: "g s". Shown in this order behind "?". */
export interface Shortcut {
  keys: string;
  label: string;
  run: () => void;
}

const SEQUENCE_MS = 1_200;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select');
}

/**
 * Makes a key listener for `shortcuts`. Keys typed into fields, with modifiers, or while a dialog is open are nobody's shortcut
 * (WCAG 2.1.4: they can be switched off by not installing it).
 */
export function listenForShortcuts(shortcuts: () => readonly Shortcut[], nowMs: () => number = Date.now) {
  let first = { key: '', atMs: 0 };
  return (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector('dialog[open], [popover][role=menu]:popover-open')) return;
    const sequence = nowMs() - first.atMs < SEQUENCE_MS ? `${first.key} ${event.key}` : '';
    const found =
      shortcuts().find(({ keys }) => keys === sequence) ?? shortcuts().find(({ keys }) => keys === event.key);
    first = { key: event.key, atMs: nowMs() };
    if (found === undefined) return;
    event.preventDefault();
    found.run();
  };
}
