import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { BASE62_DIGITS, KEY_SHAPE } from '../../contract/index.ts';

/** `value` in base 62, padded with zeros to `length` digits. */
function toBase62(value: bigint, length: number): string {
  let rest = value;
  let text = '';
  while (rest > 0n) {
    text = (BASE62_DIGITS[Number(rest % 62n)] ?? '') + text;
    rest /= 62n;
  }
  return text.padStart(length, '0');
}

function checksum(head: string): string {
  return toBase62(BigInt(crc32(head)), 6);
}

/** A new key: `mgw_`, 256 random bits as 43 base62 digits, `_`, and the CRC32 of the text before it as 6 digits. */
export function createKey(): string {
  const head = `mgw_${toBase62(BigInt(`0x${randomBytes(32).toString('hex')}`), 43)}`;
  return `${head}_${checksum(head)}`;
}

/** Whether `text` has the shape and the checksum of a key: this distinguishes a typing error from a wrong key without a lookup. */
export function isKeyShaped(text: string): boolean {
  const [, head, sum] = KEY_SHAPE.exec(text) ?? [];
  return head !== undefined && checksum(head) === sum;
}

/** SHA-256 of the whole key in hex: stored instead of the key, and the name of its access file. */
export function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** A password for a person who did not choose one: 20 base62 digits, 119 bits. */
export function createPassword(): string {
  return toBase62(BigInt(`0x${randomBytes(32).toString('hex')}`) % 62n ** 20n, 20);
}
