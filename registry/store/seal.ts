import { createHmac, hkdfSync } from 'node:crypto';
import { decryptText, encryptText } from '../lib/aes-gcm.ts';
import { RegistryError } from '../lib/errors.ts';

/** Encrypts secrets before they are stored and decrypts them (AES-256-GCM, a key derived from SECRET_KEY by HKDF, RFC 5869). */
export interface Sealer {
  seal(plain: string): string;
  /** Throws RegistryError `internal` when the text was not sealed with this SECRET_KEY. */
  open(sealed: string): string;
  /** HMAC-SHA256 (RFC 2104) of the text with a key for this purpose, in base64url. */
  mac(purpose: string, text: string): string;
}

const VERSION = 's1';

/** A key for one purpose, derived from SECRET_KEY: 32 bytes. */
export function deriveKey(secretKey: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, 'mcpgw', purpose, 32));
}

/** Creates the sealer of a SECRET_KEY. */
export function createSealer(secretKey: string): Sealer {
  const key = deriveKey(secretKey, 'store');
  const macKeys = new Map<string, Buffer>();
  return {
    seal: (plain) => (plain === '' ? '' : `${VERSION}.${encryptText(key, plain)}`),
    open(sealed) {
      if (sealed === '') return '';
      try {
        const [version, text] = sealed.split('.');
        if (version !== VERSION || text === undefined) throw new Error('unknown version');
        return decryptText(key, text);
      } catch (cause) {
        throw new RegistryError('internal', 'a stored secret cannot be decrypted with this SECRET_KEY', {
          cause,
          hint: 'Start with the SECRET_KEY (or DATA_DIR/secret.key) that this database was created with, or enter the credentials of the servers again.',
        });
      }
    },
    mac(purpose, text) {
      const macKey = macKeys.get(purpose) ?? deriveKey(secretKey, purpose);
      macKeys.set(purpose, macKey);
      return createHmac('sha256', macKey).update(text).digest('base64url');
    },
  };
}
