import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RegistryError } from '../lib/errors.ts';

const MIN_CHARACTERS = 32;

/** The key in DATA_DIR/secret.key, created at the first start. Throws RegistryError `invalid` when it is too short, or missing while a database exists. */
export function readOrCreateSecretKey(dataDir: string): string {
  const file = join(dataDir, 'secret.key');
  if (existsSync(file)) {
    const key = readFileSync(file, 'utf8').trim();
    if (key.length >= MIN_CHARACTERS) return key;
    throw new RegistryError('invalid', `SECRET_KEY: ${file} has fewer than ${MIN_CHARACTERS} characters`, {
      hint: 'Restore the key that this data folder was created with.',
    });
  }
  if (existsSync(join(dataDir, 'mcpgw.db')))
    throw new RegistryError('invalid', `SECRET_KEY is not set and ${file} is missing, but a database already exists`, {
      hint: 'Restore secret.key or set SECRET_KEY to the value that this database was created with: stored credentials cannot be decrypted without it.',
    });
  const key = randomBytes(32).toString('hex');
  writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}
