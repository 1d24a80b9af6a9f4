const INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/u;

/** Whether a character is invisible, or changes the order of the text around it. */
export function isInvisible(character: string): boolean {
  return INVISIBLE.test(character);
}

/** Whether a character is a joiner or variation selector that combines an emoji with the character before. */
export function joinsEmoji(character: string, before: string): boolean {
  return /[\u200d\ufe0e\ufe0f]/.test(character) && /[\p{Extended_Pictographic}\u20e3\d#*]/u.test(before);
}

/** Whether a character is a C0 or C1 control, line ends and tabs included. */
export function isControl(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

function write(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** Text on one line in which every invisible and control character is escaped. */
export function escapeInvisible(text: string): string {
  return Array.from(text, (character) =>
    isInvisible(character) || isControl(character) ? write(character) : character,
  ).join('');
}

/**
 * Untrusted text for display: invisible characters, and those that a terminal would interpret, are escaped; line breaks, tabs and emoji remain.
 * A carriage return remains at the end of a line only: elsewhere a terminal returns to the start of the line and overwrites it.
 */
export function showInvisible(text: string): string {
  let shown = '';
  let before = '';
  for (const character of text.match(/\r\n|[^]/gu) ?? []) {
    const joins = joinsEmoji(character, before);
    const stays =
      joins || ['\n', '\t', '\r\n'].includes(character) || !(isInvisible(character) || isControl(character));
    shown += stays ? character : write(character);
    if (!joins) before = character;
  }
  return shown;
}
