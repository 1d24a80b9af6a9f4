const INVISIBLE =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/u;

/** Whether a character cannot be seen, or changes the order of what is around it. */
export function isInvisible(character: string): boolean {
  return INVISIBLE.test(character);
}

/** Whether a character only puts an emoji together with the one before: that is what joiners and variation selectors are for. */
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

/** Text on one line in which every invisible and control character is written out. */
export function writeOut(text: string): string {
  return Array.from(text, (character) =>
    isInvisible(character) || isControl(character) ? write(character) : character,
  ).join('');
}

/**
 * Foreign text for people: what they could not see, and what a terminal would obey, is written out; lines, tabs and emoji stay as they are.
 * A carriage return stays at the end of a line only: elsewhere a terminal returns to the start of the line and overwrites it.
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
