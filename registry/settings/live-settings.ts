import { isDeepStrictEqual } from 'node:util';
import {
  settingsPatch,
  type Actor,
  type AgentLimits,
  type SettingsPatch,
  type SettingsView,
} from '../contract/index.ts';
import { RegistryError } from '../lib/errors.ts';
import type { Events } from '../lib/events.ts';
import { requireRevision } from '../lib/require-revision.ts';
import { NothingToChange, type Store, type Transaction } from '../store/index.ts';

const KEY = 'settings';

interface Values {
  healthCron: string;
  healthTimeoutMs: number;
  agentLimits: AgentLimits;
}

interface LiveSettingsDeps {
  store: Pick<Store, 'meta' | 'change'>;
  events: Events;
  /** Used until a value is changed. */
  defaults: Values;
  fixed: { gatewayUrl: string; version: string };
  /** Applies the values. Throws RegistryError `invalid` for a value that cannot be applied; then nothing is stored. */
  apply: (values: Values) => void;
}

interface Stored {
  values: Partial<Values>;
  revision: number;
}

/** The settings that may be changed while the registry runs. They survive a restart and override the environment. */
export interface LiveSettings {
  view(): Promise<SettingsView>;
  /** Applies the settings of a configuration file in place of its previous ones; they override stored ones. */
  setManaged(values: Partial<Values>): Promise<void>;
  /** Settings that were changed while the registry ran, in addition to those of environment and file. */
  stored(): Promise<Partial<Values>>;
  /** Merges values into the stored ones (with `replace`: replaces them) in the caller's transaction; `reload` applies them. */
  write(tx: Transaction, values: Partial<Values>, options: { replace: boolean }): Promise<void>;
  reload(): Promise<void>;
  /** A patch that changes no value is not recorded. */
  change(actor: Actor, patch: SettingsPatch, expectedRevision?: number): Promise<SettingsView>;
}

function readStored(text: string | undefined): Stored {
  if (text === undefined) return { values: {}, revision: 0 };
  const stored = JSON.parse(text) as Stored;
  return { values: dropAbsent(settingsPatch.parse(stored.values)), revision: stored.revision };
}

function dropAbsent({ healthCron, healthTimeoutMs, agentLimits }: SettingsPatch): Partial<Values> {
  return {
    ...(agentLimits === undefined ? {} : { agentLimits }),
    ...(healthCron === undefined ? {} : { healthCron }),
    ...(healthTimeoutMs === undefined ? {} : { healthTimeoutMs }),
  };
}

/** Throws `conflict` for a setting that the file sets to a different value. */
function rejectManagedSettings(patch: Partial<Values>, managed: Partial<Values>): void {
  const differs = (name: keyof Values) => name in managed && !isDeepStrictEqual(patch[name], managed[name]);
  const name = (Object.keys(patch) as (keyof Values)[]).find(differs);
  if (name === undefined) return;
  throw new RegistryError('conflict', `${name}: the configuration file sets it, and it is changed there`, {
    errors: [{ field: name, message: 'the configuration file sets it' }],
    hint: 'Change it in that file; it is read again at once.',
  });
}

/** Reads the stored settings, applies them and returns the functions that show and change them. */
export async function openLiveSettings(deps: LiveSettingsDeps): Promise<LiveSettings> {
  const { store, events, defaults, fixed, apply } = deps;
  let managed: Partial<Values> = {};
  const merge = (values: Partial<Values>): Values => ({ ...defaults, ...values, ...managed });
  const show = ({ values, revision }: Stored): SettingsView => ({
    ...merge(values),
    ...fixed,
    managed: Object.keys(managed) as (keyof Values)[],
    revision,
  });
  apply(merge(readStored(await store.meta.get(KEY)).values));

  return {
    view: async () => show(readStored(await store.meta.get(KEY))),

    stored: async () => readStored(await store.meta.get(KEY)).values,
    async write(tx, values, { replace }) {
      const before = replace ? {} : readStored(await tx.meta.get(KEY)).values;
      const stored: Stored = { values: { ...before, ...values }, revision: tx.revision };
      await tx.meta.put(KEY, JSON.stringify(stored));
    },
    async reload() {
      apply(merge(readStored(await store.meta.get(KEY)).values));
    },

    async setManaged(values) {
      const before = managed;
      managed = values;
      try {
        apply(merge(readStored(await store.meta.get(KEY)).values));
      } catch (error) {
        managed = before;
        throw error;
      }
    },

    async change(actor, patch, expectedRevision) {
      const changed = store.change(actor, 'settings.changed', async (tx) => {
        const before = readStored(await tx.meta.get(KEY));
        requireRevision('the settings', before.revision, expectedRevision);
        const requested = dropAbsent(patch);
        rejectManagedSettings(requested, managed);
        const unmanaged = Object.fromEntries(Object.entries(requested).filter(([name]) => !(name in managed)));
        const after: Stored = { values: { ...before.values, ...unmanaged }, revision: tx.revision };
        if (isDeepStrictEqual(after.values, before.values)) throw new NothingToChange();
        apply(merge(after.values));
        await tx.meta.put(KEY, JSON.stringify(after));
        return { value: after, target: 'settings', before: before.values, after: after.values };
      });
      try {
        const { value } = await changed;
        events.emit('settings.changed', { names: Object.keys(patch) });
        return show(value);
      } catch (error) {
        if (!(error instanceof NothingToChange)) throw error;
        return show(readStored(await store.meta.get(KEY)));
      }
    },
  };
}
