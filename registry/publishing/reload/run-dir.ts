import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegistryError } from '../../lib/errors.ts';
import { MANAGEMENT_SOCKET } from '../plan/own-sockets.ts';

// sun_path has 108 bytes including the terminator (unix(7)); 100 leaves room for longer names.
const MAX_SOCKET_PATH_BYTES = 100;

/** Name of the socket in the run folder that reports which generation is served. */
export const GENERATION_SOCKET = 'generation.sock';

const LONGEST_NAME = MANAGEMENT_SOCKET;

function createPrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  // With a folder of that name, or a link to one, another user could impersonate our NGINX.
  if (!found.isDirectory() || (process.getuid !== undefined && found.uid !== process.getuid()))
    throw new RegistryError('unavailable', `The run folder ${folder} belongs to another user`, {
      hint: 'Remove it, or choose a shorter DATA_DIR so that the run folder can be inside.',
    });
  chmodSync(folder, 0o700);
}

function linkTo(link: string, target: string): void {
  const found = lstatSync(link, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && readlinkSync(link) === target) return;
  rmSync(link, { recursive: true, force: true });
  symlinkSync(target, link);
}

/**
 * Creates the private (0700) folder of pid file and sockets and returns its path: `DATA_DIR/run`, or, where a socket's path would be too long
 * there, a folder in the system's temp folder that `DATA_DIR/run` then links to. Throws RegistryError `unavailable`.
 */
export function createRunDir(dataDir: string, temporary: string = tmpdir()): string {
  const inside = join(dataDir, 'run');
  if (Buffer.byteLength(join(inside, LONGEST_NAME)) <= MAX_SOCKET_PATH_BYTES) {
    if (lstatSync(inside, { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(inside);
    createPrivate(inside);
    return inside;
  }
  const outside = join(temporary, `mcpgw-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`);
  createPrivate(outside);
  linkTo(inside, outside);
  return outside;
}
