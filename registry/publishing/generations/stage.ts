import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Rendering } from '../plan/route-plan.ts';
import { syncFolder } from '../../lib/sync-folder.ts';

/** Folder of a generation. */
export function generationDir(dataDir: string, number: number): string {
  return join(dataDir, 'generations', String(number));
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a rendering into the folder of its generation (0700, files 0600) and waits until it is on disk; existing content is replaced.
 * Throws the file system's error (such as ENOSPC); then existing content remains.
 */
export async function stageGeneration(dataDir: string, number: number, rendering: Rendering): Promise<string> {
  const folder = generationDir(dataDir, number);
  const [next, old] = [`${folder}.new`, `${folder}.old`];
  try {
    await rm(next, { recursive: true, force: true });
    await mkdir(next, { recursive: true, mode: 0o700 });
    const files = Object.entries(rendering);
    for (const [name] of files)
      if (basename(name) !== name) throw new Error(`a file of a generation may not be called ${JSON.stringify(name)}`);
    // In parallel, to wait for the disk once and not for each file. All writes have ended when this continues, even if some failed.
    const written = await Promise.allSettled(files.map(([name, text]) => writeDurably(join(next, name), text)));
    for (const result of written) if (result.status === 'rejected') throw result.reason;
    await syncFolder(next);
  } catch (error) {
    await rm(next, { recursive: true, force: true });
    throw error;
  }
  await rm(old, { recursive: true, force: true });
  await rename(folder, old).catch(() => undefined);
  await rename(next, folder);
  await rm(old, { recursive: true, force: true });
  await syncFolder(join(dataDir, 'generations'));
  return folder;
}

/** Deletes a staged generation that is not used, including leftovers of a registry that was killed while staging it. */
export async function dropGeneration(dataDir: string, number: number): Promise<void> {
  const folder = generationDir(dataDir, number);
  const all = [folder, `${folder}.new`, `${folder}.old`];
  await Promise.all(all.map((name) => rm(name, { recursive: true, force: true })));
}

/** The files of a generation, by name, or null if its folder does not exist. */
export async function readGeneration(dataDir: string, number: number): Promise<Rendering | null> {
  const folder = generationDir(dataDir, number);
  const names = await readdir(folder).catch(() => null);
  if (names === null) return null;
  const files = await Promise.all(
    names.sort().map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
  );
  return Object.fromEntries(files);
}

/** Numbers of the generations that have a folder, ascending. */
export async function listGenerationDirs(dataDir: string): Promise<number[]> {
  const names = await readdir(join(dataDir, 'generations')).catch(() => []);
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}
