/** Copies `text`; true when it worked. Over plain http, browsers have no clipboard API, so a selection does it. */
export async function copyText(text: string): Promise<boolean> {
  // Absent on pages that are not served over https or from loopback.
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
  // Inside an open modal dialog everything else is inert, so the field goes there.
  const place = document.querySelector('dialog[open]') ?? document.body;
  field.value = text;
  field.className = 'sr';
  field.readOnly = true;
  place.append(field);
  field.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way there is without https
  const copied = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
