import type { MachineSettings } from './machine-settings.ts';

/** What checks look at. Tests give other places than those of the machine. */
export interface Facts {
  env: NodeJS.ProcessEnv;
  /** The folder of mcpgw. */
  root: string;
  settings: MachineSettings;
  /** proc(5). */
  proc: string;
  /** Folder in which libraries are looked for as below /. */
  system: string;
  /** statfs(2). */
  statfs: (folder: string) => { bavail: number; bsize: number; files: number; ffree: number };
  nowMs: number;
  /** Pid of the start that holds the data folder. */
  pid: number | null;
}

/** Something that is wrong: what, and what to do. */
export interface Finding {
  severity: 'error' | 'warning';
  message: string;
  hint: string;
  /** Repairs it; only what cannot make anything worse. */
  fix?: () => void;
}

/** Returns what it found; nothing where all is well. Never throws for what it looks for. */
export type Check = (facts: Facts) => Finding[] | Promise<Finding[]>;

export const error = (message: string, hint: string, fix?: () => void): Finding => ({
  severity: 'error',
  message,
  hint,
  ...(fix && { fix }),
});
export const warning = (message: string, hint: string, fix?: () => void): Finding => ({
  severity: 'warning',
  message,
  hint,
  ...(fix && { fix }),
});
