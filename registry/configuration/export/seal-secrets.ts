import { randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';
import { decryptText, encryptText } from '../../lib/aes-gcm.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { Secret } from './take-secrets.ts';

const VERSION = 'v1';
/** RFC 7914 with the parameters that OWASP recommends for passwords: about 0.1 s and 32 MB. */
const COST = { N: 32_768, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };

const secretList = z.array(z.tuple([z.array(z.union([z.string(), z.number()])), z.string()]));

function deriveKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, COST, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** Encrypts secrets with a passphrase (scrypt, AES-256-GCM). */
export async function sealSecrets(secrets: readonly Secret[], passphrase: string): Promise<string> {
  const salt = randomBytes(16);
  const text = encryptText(await deriveKey(passphrase, salt), JSON.stringify(secrets));
  return [VERSION, salt.toString('base64url'), text].join('.');
}

/** Decrypts the result of `sealSecrets`. Throws RegistryError `invalid` for a wrong passphrase or changed text. */
export async function openSecrets(sealed: string, passphrase: string): Promise<Secret[]> {
  const [version, salt = '', text = ''] = sealed.split('.');
  try {
    if (version !== VERSION) throw new Error('unknown version');
    const key = await deriveKey(passphrase, Buffer.from(salt, 'base64url'));
    return secretList.parse(JSON.parse(decryptText(key, text)));
  } catch (cause) {
    throw new RegistryError('invalid', 'passphrase: the secrets of this export cannot be opened with it', {
      cause,
      errors: [{ field: 'passphrase', message: 'it is the wrong one, or the export was changed' }],
      hint: 'Send the passphrase that the export was created with.',
    });
  }
}
