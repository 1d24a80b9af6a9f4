import { dirname } from 'node:path';
import { z } from 'zod';

export interface Settings {
  /** The unix socket to listen on. */
  socket: string;
  /** DATA_DIR/bridge: `servers/` is written by the registry, `homes/` has the private folders of the programs. */
  folder: string;
  /** DATA_DIR/access: the files that the gate reads. */
  accessFolder: string;
  /** The unix socket on which NGINX accepts the calls for callers of the meta endpoint. */
  innerSocket: string;
  maxProcesses: number;
  /** Files and folders of the gateway that no confined program sees. */
  hidden: string[];
}

const path = z.string().regex(/^\/[^\0]+$/, 'must be an absolute path');
const environment = z.object({
  BRIDGE_SOCKET: path,
  BRIDGE_DIR: path,
  ACCESS_DIR: path,
  INNER_SOCKET: path,
  /** One path per line, because a path may contain every other separator. */
  BRIDGE_HIDDEN: z
    .string()
    .default('')
    .transform((text) => text.split('\n').filter((line) => line !== ''))
    .pipe(z.array(path)),
  BRIDGE_MAX_PROCESSES: z.coerce.number().int().min(1).max(10_000).default(100),
});

/** Parses the settings. Throws an Error that names each invalid one. */
export function readSettings(env: Record<string, string | undefined>): Settings {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path: [name], message }) => `${String(name)}: ${message}`);
    throw new Error(`invalid settings:\n  ${lines.join('\n  ')}`);
  }
  const { data } = parsed;
  return {
    socket: data.BRIDGE_SOCKET,
    folder: data.BRIDGE_DIR,
    accessFolder: data.ACCESS_DIR,
    innerSocket: data.INNER_SOCKET,
    maxProcesses: data.BRIDGE_MAX_PROCESSES,
    hidden: [...new Set([data.BRIDGE_DIR, data.ACCESS_DIR, dirname(data.BRIDGE_SOCKET), ...data.BRIDGE_HIDDEN])],
  };
}
