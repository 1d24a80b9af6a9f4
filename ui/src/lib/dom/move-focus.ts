/** Moves the focus to the next (1) or previous (-1) element that matches `selector`, in document order; if none has focus, to the first or last. */
export function moveFocus(selector: string, step: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>(selector)];
  const current = all.findIndex(
    (element) => element === document.activeElement || element.contains(document.activeElement),
  );
  const next =
    current === -1 ? (step === 1 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, current + step));
  all[next]?.focus();
  all[next]?.scrollIntoView({ block: 'nearest' });
}
