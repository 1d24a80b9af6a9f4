import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';
import { RegistryError } from '../../lib/errors.ts';
import type { Secret } from './take-secrets.ts';

const VERSION = 'v1';
/** RFC 7914 with the parameters that OWASP names for passwords: about 0.1 s and 32 MB. */
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
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', await deriveKey(passphrase, salt), nonce);
  const body = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()]);
  return [
    VERSION,
    salt.toString('base64url'),
    Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url'),
  ].join('.');
}

/** Opens what `sealSecrets` made. Throws RegistryError `invalid` for another passphrase or changed text. */
export async function openSecrets(sealed: string, passphrase: string): Promise<Secret[]> {
  const [version, salt = '', text = ''] = sealed.split('.');
  try {
    if (version !== VERSION) throw new Error('unknown version');
    const bytes = Buffer.from(text, 'base64url');
    const key = await deriveKey(passphrase, Buffer.from(salt, 'base64url'));
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 });
    decipher.setAuthTag(bytes.subarray(12, 28));
    const plain = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
    return secretList.parse(JSON.parse(plain));
  } catch (cause) {
    throw new RegistryError('invalid', 'passphrase: the secrets of this export cannot be opened with it', {
      cause,
      errors: [{ field: 'passphrase', message: 'it is another one, or the export was changed' }],
      hint: 'Give the passphrase that the export was made with.',
    });
  }
}
