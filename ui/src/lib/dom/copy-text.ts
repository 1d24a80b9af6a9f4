/** Copies `text` to the clipboard; returns whether it worked. Over plain HTTP there is no clipboard API, so it falls back to a selection. */
export async function copyText(text: string): Promise<boolean> {
  // Undefined outside secure contexts (https or loopback).
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard !== undefined) {
    const copied = await clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    if (copied) return true;
  }
  return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const field = document.createElement('textarea');
  const focused = document.activeElement;
  // Outside an open modal dialog everything is inert.
  const parent = document.querySelector('dialog[open]') ?? document.body;
  field.value = text;
  field.className = 'sr';
  field.readOnly = true;
  parent.append(field);
  field.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only API without https
  const copied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
