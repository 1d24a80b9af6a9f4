import { mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a built file by rename: a program that starts meanwhile reads the old file or the new one. Its time is that of the start of the build, so that
 * a source saved during the build counts as newer.
 */
export function writeBuilt(file: string, contents: string | Uint8Array, begun: Date): void {
  const temporary = `${file}.${process.pid}.tmp`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(temporary, contents);
  utimesSync(temporary, begun, begun);
  renameSync(temporary, file);
}
