import { existsSync, writeFileSync } from 'node:fs';

const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map(
  (machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`,
);
const library = LIBRARIES.find((file) => existsSync(file));

/** Whether a program's clock can be shifted here (Debian's package libfaketime). */
export const canShiftClock: boolean = library !== undefined;

/** The clock of programs that are started with `env`: their time of day, not their monotonic clock, as when the system time is set. */
export interface ShiftedClock {
  env: Record<string, string>;
  /** Shifts it by this many seconds from the real time, at once, for running programs too. */
  shift: (seconds: number) => void;
}

/** Creates a clock that is stored in `file`, which the programs must be able to read. Throws without libfaketime. */
export function createShiftedClock(file: string): ShiftedClock {
  if (library === undefined) throw new Error('libfaketime is not installed');
  const shift = (seconds: number) =>
    writeFileSync(file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`, { mode: 0o644 });
  shift(0);
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    },
    shift,
  };
}
