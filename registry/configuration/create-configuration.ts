import type {
  Actor,
  ConfigDocument,
  ConfigExport,
  ConfigKind,
  ConfigPlan,
  ConfigStatus,
  ExportInput,
  ImportInput,
  TakeOverInput,
} from '../contract/index.ts';
import { RegistryError } from '../lib/errors.ts';
import type { ConfigurationDeps } from './configuration-deps.ts';
import { createConfigFile, FILE_SOURCE, type ConfigFileOptions, type FileStatus } from './file/config-file.ts';
import { exportState, type ExportDeps } from './export/export-state.ts';
import { importState, type ImportDeps } from './export/import-state.ts';
import { applyDocument, draftChanges, type ApplyOptions } from './plan/apply-document.ts';

export interface ConfigurationOptions extends ImportDeps {
  store: ConfigurationDeps['store'] & ExportDeps['store'];
  storedSettings: ExportDeps['storedSettings'];
  file: Pick<ConfigFileOptions, 'find' | 'references' | 'startedWith' | 'checkSettings'>;
}

/** Configurations: documents that define servers, groups and agents, from a file or from the API. */
export interface Configuration {
  /** What applying would change. Throws RegistryError `invalid` or `conflict`. */
  plan(document: ConfigDocument, options: ApplyOptions): Promise<ConfigPlan>;
  /** Applies a document as one change; `revision` is null when there was nothing to change. */
  apply(
    actor: Actor,
    document: ConfigDocument,
    options: ApplyOptions,
  ): Promise<{ plan: ConfigPlan; revision: number | null }>;
  status(): Promise<ConfigStatus>;
  /** The status of the gateway's own file only, from memory. */
  fileStatus(): FileStatus;
  /** Lets the API change what a configuration manages. Throws RegistryError `not_found`. */
  takeOver(actor: Actor, input: TakeOverInput): Promise<void>;
  /** Reverts `takeOver`: the configuration manages the item again; the gateway's own file is applied immediately. Throws RegistryError `not_found`. */
  giveBack(actor: Actor, input: TakeOverInput): Promise<void>;
  /** The whole state as one document. With sealed secrets it leaves an audit row. */
  export(actor: Actor, input: ExportInput): Promise<ConfigExport>;
  /** Imports an export as one change. Throws RegistryError `invalid` or `conflict`; in that case nothing was changed. */
  import(
    actor: Actor,
    input: ImportInput,
  ): Promise<{ plan: ConfigPlan; revision: number | null; missingSecrets: string[] }>;
  /** Applies the gateway's own file; its problems are in `status`. Programs and servers are not probed before they are published. */
  start(): Promise<void>;
  /** Follows the gateway's own file. */
  watch(): void;
  close(): Promise<void>;
}

/** Creates the configuration feature. Nothing is read before `start`. */
export function createConfiguration(options: ConfigurationOptions): Configuration {
  const { store, servers, access } = options;
  // One at a time, so that two that arrive at the same time do not probe twice.
  let last: Promise<unknown> = Promise.resolve();
  /** Servers that have not been probed yet: programs, and those applied at the start. */
  const unprobed = new Set<string>();
  let isRunning = false;
  async function refreshUnprobed(): Promise<void> {
    if (!isRunning) return;
    const paths = [...unprobed];
    unprobed.clear();
    const run = async () => {
      for (let path = paths.pop(); path !== undefined && isRunning; path = paths.pop())
        await options.refresh(path).catch(() => undefined);
    };
    await Promise.all([run(), run(), run(), run()]);
  }
  function inTurn<Applied extends { unprobed: string[] }>(work: () => Promise<Applied>): Promise<Applied> {
    const next = last.then(async () => {
      const applied = await work();
      for (const path of applied.unprobed) unprobed.add(path);
      void refreshUnprobed();
      return applied;
    });
    last = next.catch(() => undefined);
    return next;
  }
  const apply: Configuration['apply'] = (actor, document, applying) =>
    inTurn(() => applyDocument(options, actor, document, applying));
  const listManaged = async (): Promise<ConfigStatus['managed']> => {
    const list = (kind: ConfigKind, all: ReadonlyMap<string, { managedBy: string }>) =>
      [...all].flatMap(([name, { managedBy: source }]) => (source === '' ? [] : [{ kind, name, source }]));
    return [
      ...list('server', await servers.inputs()),
      ...list('group', await access.groups()),
      ...list('agent', await access.agents('configured')),
    ];
  };
  const file = createConfigFile({
    ...options.file,
    log: options.log,
    apply: (actor, document, probe) => apply(actor, document, { source: FILE_SOURCE, probe }),
    isUsed: async () => (await listManaged()).some(({ source }) => source === FILE_SOURCE),
  });

  return {
    apply,
    fileStatus: () => file.status(),
    plan: async (document, planning) => (await draftChanges(options, document, planning)).plan,

    async status() {
      return { ...file.status(), managed: await listManaged(), takenOver: await store.takenOver.all() };
    },

    async takeOver(actor, { kind, name }) {
      const found = (await listManaged()).find((one) => one.kind === kind && one.name === name);
      if (found === undefined)
        throw new RegistryError('not_found', `no configuration manages the ${kind} "${name}"`, {
          hint: 'GET /api/config lists what configurations manage.',
        });
      const mark = (of: ConfigKind) => (kind === of ? [{ name, managedBy: '' }] : []);
      const batch = (of: ConfigKind) => ({ put: [], remove: [], mark: mark(of) });
      const prepared = await servers.prepareBatch(
        { put: [], remove: [], mark: mark('server').map(({ managedBy }) => ({ path: name, managedBy })) },
        { probe: false },
      );
      const { value: enforce } = await store.change(actor, 'config.taken_over', async (tx) => {
        const steps = [
          await access.write(tx, {
            agents: batch('agent'),
            groups: batch('group'),
            limits: [{ scope: kind, name, managedBy: '' }],
          }),
          await prepared.write(tx),
        ];
        await tx.takenOver.put({ kind, name, source: found.source, at: tx.now, by: actor.name });
        return { value: steps, target: `${kind}:${name}`, before: { managedBy: found.source } };
      });
      for (const step of enforce) await step();
    },

    async giveBack(actor, { kind, name }) {
      const taken = (await store.takenOver.all()).find((one) => one.kind === kind && one.name === name);
      if (taken === undefined)
        throw new RegistryError('not_found', `the ${kind} "${name}" was not taken over from a configuration`, {
          hint: 'GET /api/config lists what was taken over.',
        });
      await store.change(actor, 'config.given_back', async (tx) => {
        await tx.takenOver.remove(kind, name);
        return { value: undefined, target: `${kind}:${name}`, after: { managedBy: taken.source } };
      });
      if (taken.source === FILE_SOURCE) await file.applyNow(true);
    },

    async export(actor, input) {
      if (input.secrets === 'sealed')
        await store.change(actor, 'config.exported', () =>
          Promise.resolve({ value: undefined, target: 'config', after: { secrets: 'sealed' } }),
        );
      return exportState(options, input);
    },

    import: (actor, input) => inTurn(() => importState(options, actor, input)),

    start: () => file.applyNow(false),
    watch() {
      isRunning = true;
      file.watch();
      void refreshUnprobed();
    },
    close() {
      isRunning = false;
      return file.close();
    },
  };
}
