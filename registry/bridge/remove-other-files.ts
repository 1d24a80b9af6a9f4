import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFile } from '../lib/replace-file.ts';

/** Removes the files of a folder that have none of these names. Throws errors of the file system. */
export async function removeOtherFiles(folder: string, names: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) if (!names.has(name)) await removeFile(join(folder, name), false);
}
