import type { MachineSettings } from './machine-settings.ts';

/** What checks inspect. Tests use other places than those of the machine. */
export interface Facts {
  env: NodeJS.ProcessEnv;
  /** The folder of mcpgw. */
  root: string;
  settings: MachineSettings;
  /** proc(5). */
  proc: string;
  /** Folder in which libraries are searched, as below /. */
  system: string;
  /** statfs(2). */
  statfs: (folder: string) => { bavail: number; bsize: number; files: number; ffree: number };
  nowMs: number;
  /** Pid of the start that holds the data folder. */
  pid: number | null;
}

/** A problem, and what to do. */
export interface Finding {
  severity: 'error' | 'warning';
  message: string;
  hint: string;
  /** Repairs the problem; set only if that cannot make anything worse. */
  fix?: () => void;
}

/** Returns the problems found, or none. Never throws for a problem that it checks for. */
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
