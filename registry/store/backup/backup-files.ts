import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { z } from 'zod';

export const DATABASE_NAME = 'mcpgw.db';
export const SECRET_NAME = 'secret.key';
export const MANIFEST_NAME = 'manifest.json';

/** `manifest.json` of a backup. */
export const manifest = z.object({
  format: z.literal(1),
  /** Version of mcpgw that created it. */
  version: z.string(),
  createdAt: z.string(),
  schema: z.string(),
  /** SHA-256 of each other file of the backup, hex. */
  files: z.record(z.string(), z.string()),
});
export type Manifest = z.infer<typeof manifest>;

/** SHA-256 of a file, hex. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Copies a file to a new file (0600) and waits until it is on disk; a partial copy is deleted on failure. */
export async function copyDurably(from: string, to: string, owner?: { uid: number; gid: number }): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const target = await open(to, flags, 0o600);
  try {
    for await (const chunk of createReadStream(from)) await target.appendFile(chunk as Buffer);
    await target.sync();
    if (owner !== undefined && process.getuid?.() === 0) await target.chown(owner.uid, owner.gid);
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  } finally {
    await target.close();
  }
}
