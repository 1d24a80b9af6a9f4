import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RegistryError } from '../../lib/errors.ts';

/** Where `npm run build` writes the gate, below the checkout. */
export const GATE_FILE = 'nginx/dist/gate.lua';

/** The text of the gate as it was built in the checkout `root`. Throws RegistryError `unavailable` when it was not. */
export function loadGate(root: string): string {
  const file = join(root, GATE_FILE);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new RegistryError('unavailable', `the gate was not built: ${file} cannot be read`, {
      cause,
      hint: 'Run npm run build, or start with scripts/start.sh, which builds what is missing.',
    });
  }
}
