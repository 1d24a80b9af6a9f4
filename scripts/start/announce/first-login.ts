import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the registry writes at its first start to DATA_DIR/first-login.txt (0600): a generated password, the first agent's key. */
export interface FirstLogin {
  file: string;
  password: string | null;
  key: string | null;
}

const KEY = /mgw_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}/;
const PASSWORD = /password"?\s*[:=]\s*"?([^\s"]+)/i;

/** Reads the file; null if it does not exist (any longer). */
export function readFirstLogin(dataDir: string): FirstLogin | null {
  const file = join(dataDir, 'first-login.txt');
  if (!existsSync(file)) return null;
  const text = readFileSync(file, 'utf8');
  return { file, password: PASSWORD.exec(text)?.[1] ?? null, key: KEY.exec(text)?.[0] ?? null };
}

/** Removes what was shown, so that each is shown once; deletes the file when nothing remains to show. */
export function removeShown(login: FirstLogin, shown: { password: boolean; key: boolean }): void {
  const rest = readFileSync(login.file, 'utf8')
    .split('\n')
    .filter((line) => !(shown.key && KEY.test(line)) && !(shown.password && PASSWORD.test(line)));
  const hasSecret = rest.some((line) => KEY.test(line) || PASSWORD.test(line));
  if (hasSecret) writeFileSync(login.file, rest.join('\n'), { mode: 0o600 });
  else rmSync(login.file, { force: true });
}
