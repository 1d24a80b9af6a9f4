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

/** What is the gateway's, and where its programs are. */
export interface Surroundings extends Pick<OwnPlaces, 'hidden' | 'root'> {
  /** Its PATH: a server's own says nothing about what confines it. */
  path: string;
}

/** Descriptors of bwrap(1): its status output, and the filter of system calls. */
export const STATUS_FD = 3;
export const FILTER_FD = 4;

const MEGABYTE = 1024 * 1024;
const MAX_SCRATCH_MB = 256;
const OUT_OF_MEMORY_SCORE = '500';
/** Of the gateway's environment, and about folders that a confined program does not have. */
const NOT_INHERITED = ['TMPDIR', 'npm_config_cache', 'UV_CACHE_DIR', 'DOCKER_HOST'];

/** So that what downloads takes what it has, and says at once what it lacks, where it would try for minutes. */
const OFFLINE = { npm_config_offline: 'true', UV_OFFLINE: '1' };

function findTool(name: string): string | undefined {
  return [`/usr/bin/${name}`, `/bin/${name}`].find((file) => existsSync(file));
}

/** Without capabilities (bwrap refuses to start with the one for ports below 1024), and so that it dies with the bridge from the first moment. */
function prepare(): string[] {
  const [setpriv, choom] = [findTool('setpriv'), findTool('choom')];
  return [
    // Every process of it inherits the score of the first one (proc(5)).
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
    `Add a folder that has it to "confinement.readable", or to "confinement.writable" if it writes there.`,
  );
}

/** The environment under confinement: its own folder is its home, and has its caches. */
function adaptEnvironment(env: Record<string, string>, own: Record<string, string>, added: Record<string, string>) {
  const kept = Object.entries(env).filter(([name]) => name in own || !NOT_INHERITED.includes(name));
  const missing = Object.entries(added).filter(([name]) => !(name in own));
  return Object.fromEntries([...kept, ...missing]);
}

/**
 * How a program is started so that it is confined. Throws BridgeError where that cannot be: nothing is ever started without it.
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
      `"${server.path}" is confined, and bubblewrap (bwrap), which does that, is not on the PATH of the gateway (${surroundings.path.split(delimiter).join(', ')})`,
      'Install the package "bubblewrap" on the machine of the gateway. The server is not started without it.',
    );
  const mounts = placeMounts(confinement, { hidden: surroundings.hidden, root: surroundings.root, home });
  const cwd = follow(start.cwd);
  if (cwd === undefined)
    throw new BridgeError('program_failed', `cwd: ${start.cwd} is not there`, 'Create it, or correct the path.');
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
