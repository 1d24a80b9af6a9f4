import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import type { BridgeFile, Confinement } from '@mcpgw/registry/contract';
import { BridgeError } from '../bridge-error.ts';
import { findOnPath } from '../programs/find-program.ts';
import type { ProgramStart } from '../programs/start-program.ts';
import { follow, placeMounts } from './place-mounts.ts';
import { isVisible, type OwnPlaces } from './plan-mounts.ts';
import { createSystemCallFilter } from './system-call-filter.ts';
import { writeBubblewrapArguments } from './write-arguments.ts';

/** Files of the gateway, and where its programs are. */
export interface Surroundings extends Pick<OwnPlaces, 'hidden' | 'root'> {
  /** The gateway's PATH: the programs that confine a server are not looked up in that of the server. */
  path: string;
}

/** Descriptors of bwrap(1): its status output, and the filter of system calls. */
export const STATUS_FD = 3;
export const FILTER_FD = 4;

const MEGABYTE = 1024 * 1024;
const MAX_SCRATCH_MB = 256;
const OUT_OF_MEMORY_SCORE = '500';
/** Variables of the gateway's environment that name folders which a confined program cannot see. */
const NOT_INHERITED = ['TMPDIR', 'npm_config_cache', 'UV_CACHE_DIR', 'DOCKER_HOST'];

/** Makes package managers use their cache, and fail at once if a package is missing, instead of retrying for minutes. */
const OFFLINE = { npm_config_offline: 'true', UV_OFFLINE: '1' };

function findTool(name: string): string | undefined {
  return [`/usr/bin/${name}`, `/bin/${name}`].find((file) => existsSync(file));
}

/** Command prefix: drops capabilities (bwrap refuses to start with the one for ports below 1024), and ties the process to the bridge from the start. */
function prepare(): string[] {
  const [setpriv, choom] = [findTool('setpriv'), findTool('choom')];
  return [
    // All its processes inherit the score of the first one (proc(5)).
    ...(choom === undefined ? [] : [choom, '-n', OUT_OF_MEMORY_SCORE, '--']),
    ...(setpriv === undefined
      ? []
      : [setpriv, '--pdeathsig', 'KILL', '--ambient-caps', '-all', '--inh-caps', '-all', '--']),
  ];
}

function requireVisible(isSeen: boolean, what: string, path: string): void {
  if (isSeen) return;
  throw new BridgeError(
    'program_failed',
    `${what}: ${path} is hidden by the confinement of the server`,
    `Add a folder that contains it to "confinement.readable", or to "confinement.writable" if the server writes there.`,
  );
}

/** The environment under confinement: the server's own folder is its home and contains its caches. */
function adaptEnvironment(env: Record<string, string>, own: Record<string, string>, added: Record<string, string>) {
  const inherited = Object.entries(env).filter(([name]) => name in own || !NOT_INHERITED.includes(name));
  const missing = Object.entries(added).filter(([name]) => !(name in own));
  return Object.fromEntries([...inherited, ...missing]);
}

/**
 * Confines the start of a program. Throws BridgeError if that is impossible: the program is never started unconfined.
 */
export function confine(
  start: ProgramStart,
  server: BridgeFile,
  confinement: Confinement,
  { home, surroundings }: { home: string; surroundings: Surroundings },
): ProgramStart {
  const bubblewrap = findOnPath('bwrap', surroundings.path);
  if (bubblewrap === undefined)
    throw new BridgeError(
      'confinement_unavailable',
      `"${server.path}" is confined, and bubblewrap (bwrap), which is needed for that, is not on the PATH of the gateway (${surroundings.path.split(delimiter).join(', ')})`,
      'Install the package "bubblewrap" on the machine of the gateway. The server is not started without it.',
    );
  const mounts = placeMounts(confinement, { hidden: surroundings.hidden, root: surroundings.root, home });
  const cwd = follow(start.cwd);
  if (cwd === undefined)
    throw new BridgeError('program_failed', `cwd: ${start.cwd} does not exist`, 'Create it, or correct the path.');
  requireVisible(isVisible(cwd, mounts), 'cwd', start.cwd);
  for (const file of new Set([start.file, follow(start.file) ?? start.file]))
    requireVisible(isVisible(file, mounts), 'command', file);
  const filter = createSystemCallFilter(process.arch);
  const scratchMb = Math.min(server.program.process.memoryMb ?? MAX_SCRATCH_MB, MAX_SCRATCH_MB);
  const args = writeBubblewrapArguments({
    ...{ network: confinement.network, readOnly: confinement.readOnly, mounts },
    scratchBytes: scratchMb * MEGABYTE,
    cwd,
    statusFd: STATUS_FD,
    filterFd: filter === null ? null : FILTER_FD,
  });
  const [file = '', ...rest] = [...prepare(), bubblewrap, ...args, start.file, ...start.args];
  const added = { HOME: follow(home) ?? home, ...(confinement.network ? {} : OFFLINE) };
  const env = adaptEnvironment(start.env, server.env, added);
  return { file, args: rest, env, cwd: '/', confined: { filter } };
}
