import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The secrets of the first start: shown once by start.sh, which then removes them from the file. */
export interface FirstLoginText {
  username: string;
  /** Null when the operator set one. */
  password: string | null;
  agent: string;
  key: string;
}

/** Writes the first secrets to `DATA_DIR/first-login.txt`, 0600, and returns its path. Everywhere else they are stored as hashes only. */
export function writeFirstLogin(dataDir: string, login: FirstLoginText): string {
  const file = join(dataDir, 'first-login.txt');
  const lines = [
    'mcpgw was started for the first time. This is shown once; delete this file when you have saved what you need.',
    `user: ${login.username}`,
    ...(login.password === null ? [] : [`password: ${login.password}`]),
    `agent: ${login.agent}`,
    `key: ${login.key}`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}
