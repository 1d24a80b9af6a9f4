import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeBubblewrapArguments } from '../../../bridge/confinement/write-arguments.ts';
import { error, type Check, type Facts } from '../finding.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 10_000;
const STDOUT_FD = 1;
const MANY = 5;
/** The user that owns no files: root may create namespaces even if no other user may. */
const NOBODY = '65534';

/** Paths of confined programs, from the files that the bridge reads. */
function listConfined({ settings: { dataDir } }: Facts): string[] {
  return globSync(join(dataDir, 'bridge/servers/*.json')).flatMap((file) => {
    try {
      const { path, program } = JSON.parse(readFileSync(file, 'utf8')) as {
        path: string;
        program?: { confinement?: object | null };
      };
      return program?.confinement ? [path] : [];
    } catch {
      // An unreadable file is not run either; the data folder has its own check.
      return [];
    }
  });
}

/** Checks that the programs that must be confined can be confined. */
export const checkConfinement: Check = async (facts) => {
  const confined = facts.settings.allowsPrograms ? listConfined(facts) : [];
  if (confined.length === 0) return [];
  const more = confined.length > MANY ? ` and ${confined.length - MANY} more` : '';
  const servers = `${confined
    .slice(0, MANY)
    .map((path) => `"${path}"`)
    .join(', ')}${more}`;
  const asUser =
    process.getuid?.() === 0 ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : [];
  const bubblewrap = [
    'bwrap',
    ...writeBubblewrapArguments({
      ...{ network: false, readOnly: true, mounts: [], scratchBytes: 1024 * 1024, cwd: '/' },
      ...{ statusFd: STDOUT_FD, filterFd: null },
    }),
    'true',
  ];
  const [command = '', ...args] = [...asUser, ...bubblewrap];
  try {
    await run(command, args, { env: { PATH: facts.env['PATH'] ?? '' }, timeout: TIMEOUT_MS });
    return [];
  } catch (thrown) {
    const { code, stderr = '' } = thrown as { code?: number | string; stderr?: string };
    const isMissing = code === 'ENOENT' || code === 127 || /failed to execute/.test(stderr);
    if (isMissing)
      return [
        error(
          `bubblewrap (bwrap) is missing, so confined servers are not started: ${servers}`,
          'Install the package "bubblewrap" with the package manager of this machine.',
        ),
      ];
    const reason = /bwrap: (.+)/.exec(stderr)?.[1] ?? `code ${String(code)}`;
    return [
      error(
        `bubblewrap cannot confine programs on this machine (${reason}), so confined servers are not started: ${servers}`,
        'It needs version 0.8 and user namespaces for the user of the gateway; docs/bridge.md describes how to allow them.',
      ),
    ];
  }
};
