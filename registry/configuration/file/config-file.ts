import {
  configDocument,
  type Actor,
  type AgentLimits,
  type ConfigDocument,
  type ConfigPlan,
  type ConfigProblemView,
} from '../../contract/index.ts';
import { describeError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { References } from '@mcpgw/config';
import { locateProblems, readConfigState, stampOf } from './read-config-state.ts';
import { watchFile } from './watch-file.ts';

/** The `managedBy` of servers and agents from the gateway's own file. */
export const FILE_SOURCE = 'mcpgw.config';
const ACTOR: Actor = { kind: 'system', name: FILE_SOURCE, address: null };

export interface ConfigFileOptions {
  /** Finds the file; null: there is none. Throws an error that explains the problem. */
  find: () => string | null;
  references: (file: string) => References;
  /** Settings that the file had when the gateway started. */
  startedWith: Readonly<Record<string, string>>;
  apply: (
    actor: Actor,
    document: ConfigDocument,
    probe: boolean,
  ) => Promise<{ plan: ConfigPlan; revision: number | null }>;
  /** Checks settings; `put` applies those that need no restart, `restart` names the others. */
  checkSettings: (
    settings: Record<string, string>,
    startedWith: Readonly<Record<string, string>>,
    agentLimits: AgentLimits | undefined,
  ) => { restart: string[]; put: () => Promise<void> };
  /** Whether anything in the gateway comes from the file. */
  isUsed: () => Promise<boolean>;
  log: Pick<Log, 'info' | 'error'>;
}

export interface FileStatus {
  file: string | null;
  state: 'none' | 'applied' | 'broken' | 'missing';
  appliedAt: string | null;
  problems: ConfigProblemView[];
  skipped: { name: string; reason: string }[];
  restart: string[];
}

/** The gateway's own configuration file: applied at the start and whenever it changes. An invalid file changes nothing. */
export function createConfigFile(options: ConfigFileOptions) {
  const { find, references, startedWith, log } = options;
  let status: FileStatus = { file: null, state: 'none', appliedAt: null, problems: [], skipped: [], restart: [] };
  let referred: string[] = [];
  let lastFile: string | null = null;

  function fail(file: string | null, state: 'broken' | 'missing', problems: ConfigProblemView[]): void {
    status = { ...status, file, state, problems };
    log.error({ file, problems }, 'the configuration file is not used; what was applied before remains in effect');
  }

  async function findNow(): Promise<string | null> {
    try {
      const file = find();
      if (file !== null) return file;
      if (!(await options.isUsed())) status = { ...status, file: null, state: 'none', problems: [] };
      else
        fail(lastFile, 'missing', [
          {
            field: '',
            message:
              'the configuration file is missing; nothing was removed. Restore it, or create an empty one ({}) to remove what came from it',
          },
        ]);
    } catch (error) {
      fail(lastFile, 'broken', [{ field: '', message: describeError(error) }]);
    }
    return null;
  }

  /** Reads the file and applies it. Never throws. */
  async function applyNow(probe: boolean): Promise<void> {
    const file = await findNow();
    if (file === null) return;
    lastFile = file;
    const state = readConfigState(file, references(file));
    if ('problems' in state) {
      fail(file, 'broken', state.problems);
      return;
    }
    const { loaded } = state;
    referred = loaded.files;
    try {
      const document = configDocument.parse(loaded.document);
      const settings = Object.fromEntries(
        Object.entries(document.settings).map(([name, value]) => [name, String(value)]),
      );
      const { restart, put } = options.checkSettings(settings, startedWith, document.agentLimits);
      const { plan } = await options.apply(ACTOR, document, probe);
      await put();
      const skipped = [...loaded.skipped, ...plan.skipped];
      status = { file, state: 'applied', appliedAt: new Date().toISOString(), problems: [], skipped, restart };
      const changes = plan.changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`);
      log.info({ file, changes, skipped, notes: loaded.notes, restart }, 'the configuration file is applied');
    } catch (error) {
      fail(file, 'broken', locateProblems(error, loaded));
    }
  }

  const locateFile = () => {
    try {
      return find();
    } catch {
      return null;
    }
  };
  let end: (() => Promise<void>) | undefined;
  return {
    status: () => status,
    applyNow,
    /** Applies it again whenever it changes. */
    watch({ everyMs = 1_000, quietMs = 300 }: { everyMs?: number; quietMs?: number } = {}): void {
      end = watchFile({
        ...{ everyMs, quietMs, onChange: () => applyNow(true) },
        stamp: () => {
          const file = locateFile();
          return file === null ? 'none' : `${file}|${stampOf(file, referred)}`;
        },
      });
    },
    close: async () => end?.(),
  };
}
