import type { GenerationDetail, GenerationView, Page, SetAside } from '../contract/index.ts';
import { RegistryError } from '../errors.ts';
import type { StoredGeneration } from '../store/generation-rows.ts';
import { diffRenderings } from './diff.ts';
import { listTargets } from './list-targets.ts';
import { planRoutes } from './plan-routes.ts';
import { readSnapshot, type Machine } from './publish-run.ts';
import type { Rendering } from './route-plan.ts';
import { readServerBlock } from './server-block.ts';
import { readGeneration } from './stage.ts';

export interface GenerationPreview {
  /** Unified diff from what NGINX serves to what a publish would make; empty when nothing would change. */
  diff: string;
  setAside: SetAside[];
  revision: number;
}

export interface GenerationViews {
  /** Newest first; `cursor` is the last number of the page before. */
  list(query: { limit: number; cursor?: string | undefined }): Promise<Page<GenerationView>>;
  /** Throws RegistryError `not_found`. */
  detail(number: number): Promise<GenerationDetail>;
  /** Unified diff from one generation to another. Throws RegistryError `not_found`. */
  diff(from: number, to: number): Promise<string>;
  /** What the next publish would change. */
  preview(): Promise<GenerationPreview>;
  /** What NGINX reads of one server now; empty when nothing. */
  serverConfig(serverId: string): Promise<string>;
}

/** Shows generations. `current` is the number of the one that NGINX serves. */
export function createGenerationViews(machine: Machine, current: () => number | null): GenerationViews {
  const { store, dataDir } = machine;

  function view({ fingerprint: _, ...row }: StoredGeneration): GenerationView {
    return { ...row, current: row.number === current() };
  }

  async function readFiles(number: number): Promise<Rendering> {
    const files = await readGeneration(dataDir, number);
    if (files === null)
      throw new RegistryError('not_found', `the files of generation ${number} are not there (any more)`, {
        hint: 'The last 20 generations are kept; GET /api/generations lists them.',
      });
    return files;
  }

  return {
    async list({ limit, cursor }) {
      const beforeNumber = cursor === undefined ? undefined : Number(cursor);
      if (beforeNumber !== undefined && !Number.isSafeInteger(beforeNumber))
        throw new RegistryError('invalid', 'cursor: not one that a page before gave; leave it out to begin anew');
      const rows = await store.generations.list({ limit: limit + 1, beforeNumber });
      const items = rows.slice(0, limit).map(view);
      const last = items.at(-1);
      return rows.length > limit && last !== undefined ? { items, nextCursor: String(last.number) } : { items };
    },

    async detail(number) {
      const row = await store.generations.byNumber(number);
      if (row === undefined)
        throw new RegistryError('not_found', `there is no generation ${number}`, {
          hint: 'GET /api/generations lists them.',
        });
      return { ...view(row), files: (await readGeneration(dataDir, number)) ?? {} };
    },

    async diff(from, to) {
      return diffRenderings(await readFiles(from), await readFiles(to));
    },

    async preview() {
      const { revision, servers } = await readSnapshot(store);
      await machine.resolver.resolve(listTargets(servers));
      const { plan, setAside } = planRoutes({
        gateway: machine.options.gateway,
        servers,
        addressOf: (host, port) => machine.resolver.addressOf(host, port),
        rejected: machine.rejections.of(servers),
      });
      const number = current() ?? 0;
      const before = (await readGeneration(dataDir, number)) ?? {};
      return {
        diff: diffRenderings(before, machine.render(plan, machine.facts, number, machine.gateBundle)),
        setAside,
        revision,
      };
    },

    async serverConfig(serverId) {
      const files = await readGeneration(dataDir, current() ?? 0);
      return files === null ? '' : readServerBlock(files, serverId);
    },
  };
}
