import { mkdirSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Moves what a build made into its folder, each file by rename: a program that starts meanwhile reads an old file or a new one. Their time is
 * that of the build's begin, so that a source saved during the build counts as newer.
 */
export function moveBuilt(from: string, to: string, begun: Date): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    utimesSync(join(from, name), begun, begun);
    renameSync(join(from, name), join(to, name));
  }
  rmSync(from, { recursive: true });
}

/** Writes one built file as `moveBuilt` does. */
export function writeBuilt(file: string, text: string, begun: Date): void {
  const from = join(dirname(file), `.new-${process.pid}`);
  mkdirSync(from, { recursive: true });
  writeFileSync(join(from, basename(file)), text);
  moveBuilt(from, dirname(file), begun);
}
