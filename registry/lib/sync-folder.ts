import { open } from 'node:fs/promises';

/** Waits until the entries of a folder are on disk, so that a rename in it survives a power cut (fsync(2)). Throws the file system's error. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
