import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The step of publishing in which a registry was killed, according to the files that it left; `none` when it was not publishing. */
export type CutStep = 'none' | 'staging' | 'testing' | 'verifying' | 'recording';

export interface Cut {
  step: CutStep;
  /** An access file was being written: its temporary file is still there. */
  isAccessCut: boolean;
}

function readNumber(text: string): number {
  return Number(/\d+/.exec(text)?.[0] ?? 0);
}

/** Determines the step of a killed registry. Call it before the next one starts. */
export function findInterruptedStep({ dataDir }: { dataDir: string }): Cut {
  const names = readdirSync(join(dataDir, 'generations'));
  const newest = Math.max(...names.filter((name) => /^\d+$/.test(name)).map(Number));
  const current = readNumber(basename(readlinkSync(join(dataDir, 'current'))));
  const verified = readNumber(readFileSync(join(dataDir, 'verified'), 'utf8'));
  const gate = JSON.parse(readFileSync(join(dataDir, 'access/gate.json'), 'utf8')) as { drain: boolean };
  const isAccessCut = readdirSync(join(dataDir, 'access'), { recursive: true, encoding: 'utf8' }).some((name) =>
    name.endsWith('.tmp'),
  );
  // The flag is set from before staging until after the verification; each start clears it if the previous one left it set.
  if (!gate.drain) return { step: 'none', isAccessCut };
  if (current !== verified) return { step: 'verifying', isAccessCut };
  if (names.some((name) => name.endsWith('.new'))) return { step: 'staging', isAccessCut };
  return { step: newest > current ? 'testing' : 'recording', isAccessCut };
}
