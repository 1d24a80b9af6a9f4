import { platform } from 'platform/system';

/** Length of a key: `mgw_`, 43 digits, `_` and 6 digits of checksum, in base 62 (docs/access.md). */
export const KEY_LENGTH = 54;
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM_AT = 48;

function areDigits(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (!DIGITS.includes(text.charAt(i))) return false;
  return true;
}

/** Whether a text has the format of a key, apart from its checksum. */
export function isKeyShaped(text: string): boolean {
  return (
    text.length === KEY_LENGTH &&
    text.startsWith('mgw_') &&
    text.charAt(CHECKSUM_AT - 1) === '_' &&
    areDigits(text.slice(4, CHECKSUM_AT - 1)) &&
    areDigits(text.slice(CHECKSUM_AT))
  );
}

/** The last six digits of a key that begins with `head`: its CRC-32, as zlib computes it. */
export function checksum(head: string): string {
  let rest = platform.crc32(head);
  let text = '';
  for (let i = 0; i < 6; i += 1) {
    text = DIGITS.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** Whether the last six digits of a key match the rest: distinguishes a typing error from a key that is not, or no longer, valid. */
export function isChecksumRight(key: string): boolean {
  return checksum(key.slice(0, CHECKSUM_AT - 1)) === key.slice(CHECKSUM_AT);
}
