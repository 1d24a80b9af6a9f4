import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { error, warning, type Check, type Facts } from '../finding.ts';

const LEAST_FILES = 4_096;
const LEAST_WATCHES = 8_192;
const LEAST_INSTANCES = 128;
const MEGABYTE = 1024 * 1024;
const FULL_MB = 100;
const NEARLY_FULL_MB = 500;

function readNumber(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8').trim());
  } catch {
    return null;
  }
}

/** Checks how many files may be watched: the gate and the registry watch folders. */
export const checkInotify: Check = ({ proc }: Facts) =>
  (
    [
      ['max_user_watches', LEAST_WATCHES],
      ['max_user_instances', LEAST_INSTANCES],
    ] as const
  ).flatMap(([name, least]) => {
    const limit = readNumber(join(proc, 'sys/fs/inotify', name));
    return limit !== null && limit < least
      ? [
          warning(
            `fs.inotify.${name} is ${limit}, so files may not be watched`,
            `As root: sysctl -w fs.inotify.${name}=${least} (and in /etc/sysctl.d/ for the next boot).`,
          ),
        ]
      : [];
  });

/** Checks how many files and connections a process may have open: each stream takes two. */
export const checkOpenFiles: Check = ({ proc, pid }) => {
  let text: string;
  try {
    text = readFileSync(join(proc, pid === null ? 'self' : String(pid), 'limits'), 'utf8');
  } catch {
    return [];
  }
  const soft = /^Max open files\s+(\d+)/m.exec(text)?.[1];
  return soft !== undefined && Number(soft) < LEAST_FILES
    ? [
        warning(
          `a process may have ${soft} files open; each open stream takes two`,
          `Raise it before the start: ulimit -n ${LEAST_FILES}, or LimitNOFILE= of its unit.`,
        ),
      ]
    : [];
};

/** Checks the free space for data and logs. */
export const checkDisk: Check = ({ settings: { dataDir, logDir }, statfs }) => {
  const folders = new Map<string, string>();
  for (const folder of [dataDir, logDir]) {
    let existing = folder;
    while (!existsSync(existing) && existing !== dirname(existing)) existing = dirname(existing);
    folders.set(existing, folder);
  }
  return [...folders].flatMap(([existing, folder]) => {
    const { bavail, bsize, files, ffree } = statfs(existing);
    const freeMb = Math.floor((bavail * bsize) / MEGABYTE);
    if (files > 0 && ffree < 1_000)
      return [error(`the disk of ${folder} has ${ffree} inodes free`, 'Delete small files there, or move DATA_DIR.')];
    if (freeMb < FULL_MB)
      return [
        error(
          `the disk of ${folder} is full: ${freeMb} MB are free`,
          'Free space; changes and logs are not written until then.',
        ),
      ];
    return freeMb < NEARLY_FULL_MB
      ? [warning(`the disk of ${folder} is nearly full: ${freeMb} MB are free`, 'Free space, or lower CALL_STORE_MB.')]
      : [];
  });
};
