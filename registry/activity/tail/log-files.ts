import { createHash } from 'node:crypto';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

export const LOG_NAME = 'calls.log';
/** calls.log itself, files that mcpgw rotated (calls.log.1), and files of logrotate with a date (calls.log-20261121); compressed ones were read before. */
const LOG_FILES = /^calls\.log([.-]\d+)*$/;
/** A file is identified by its first line, or by this much of it. */
const MAX_HEAD_BYTES = 4_096;

export interface LogFile {
  name: string;
  /** Identifies the content, regardless of the file's name: the SHA-256 of the first line, which contains a request id. */
  head: string;
  sizeBytes: number;
  modifiedMs: number;
}

/** The hash that identifies a file, or null while it has no complete line. */
export async function readHead(handle: FileHandle): Promise<string | null> {
  const buffer = Buffer.alloc(MAX_HEAD_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, MAX_HEAD_BYTES, 0);
  const end = buffer.subarray(0, bytesRead).indexOf(0x0a);
  if (end === -1 && bytesRead < MAX_HEAD_BYTES) return null;
  return createHash('sha256')
    .update(buffer.subarray(0, end === -1 ? bytesRead : end))
    .digest('hex');
}

async function inspect(folder: string, name: string): Promise<LogFile | null> {
  let handle: FileHandle;
  try {
    handle = await open(join(folder, name), 'r');
  } catch (error) {
    // Rotated between listing and opening; it is listed again under its new name.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const [stat, head] = await Promise.all([handle.stat(), readHead(handle)]);
    return head === null ? null : { name, head, sizeBytes: stat.size, modifiedMs: stat.mtimeMs };
  } finally {
    await handle.close();
  }
}

/**
 * The files that contain lines of calls.log, the most recently written at the end. A copy (logrotate's `copytruncate`) has the same lines as its
 * original, so of files with the same first line only the longest counts.
 */
export async function listLogFiles(folder: string): Promise<LogFile[]> {
  const names = (await readdir(folder)).filter((name) => LOG_FILES.test(name));
  const files = new Map<string, LogFile>();
  for (const name of names) {
    const file = await inspect(folder, name);
    if (file !== null && file.sizeBytes > (files.get(file.head)?.sizeBytes ?? -1)) files.set(file.head, file);
  }
  return [...files.values()].sort(
    (a, b) => Number(a.name === LOG_NAME) - Number(b.name === LOG_NAME) || a.modifiedMs - b.modifiedMs,
  );
}
