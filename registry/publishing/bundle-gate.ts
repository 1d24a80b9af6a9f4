import { readFile } from 'node:fs/promises';
import { RegistryError } from '../errors.ts';

const GATE_FILE = new URL('../../nginx/dist/gate.lua', import.meta.url);

/** The text of the built gate (`npm run build:gate`). Throws RegistryError `unavailable` when it was not built. */
export async function bundleGate(): Promise<string> {
  return readFile(GATE_FILE, 'utf8').catch((error: unknown) => {
    throw new RegistryError('unavailable', 'the gate is not built: nginx/dist/gate.lua cannot be read', {
      cause: error,
      hint: 'Run npm run build, or start the gateway by scripts/start.sh, which does.',
    });
  });
}
