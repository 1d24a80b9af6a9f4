import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CliError } from '../program/cli-error.ts';

/** The folder of mcpgw that this command is part of; null if it was installed alone. */
export function findInstallation(from = import.meta.dirname): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'scripts/start.sh')) && existsSync(join(folder, 'package.json'))) return folder;
    if (folder === dirname(folder)) return null;
  }
}

/** As `findInstallation`. Throws CliError if there is none. */
export function requireInstallation(): string {
  const root = findInstallation();
  if (root !== null) return root;
  throw new CliError('only the command is installed, without a gateway to run', {
    hint: 'Run it in a clone of mcpgw. Commands that use a gateway (--url) work from anywhere.',
  });
}
