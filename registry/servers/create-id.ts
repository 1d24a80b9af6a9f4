import { randomInt } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** A random id of `length` characters a-z 0-9, beginning with a letter, so that it may appear in names of NGINX. */
export function createId(length: number): string {
  return Array.from({ length }, (_, index) => ALPHABET[randomInt(index === 0 ? 26 : 36)]).join('');
}

export const SERVER_ID_LENGTH = 12;
export const INSTANCE_ID_LENGTH = 6;
