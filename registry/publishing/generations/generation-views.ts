import type { GenerationDetail, GenerationDiff, GenerationView, ServerConfig } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { StoredGeneration } from '../../store/index.ts';
import { diffRenderings } from './diff.ts';
import { listTargets } from '../dns/list-targets.ts';
import { planRoutes } from '../plan/plan-routes.ts';
import type { Rendering } from '../plan/route-plan.ts';
import type { PublishContext } from '../publish-context.ts';
import { readSnapshot } from '../reconcile/prepare.ts';
import type { PublishState } from '../reconcile/state.ts';
import { selectRejections } from './rejections.ts';
import { readServerBlock } from './server-block.ts';
import { readGeneration } from './stage.ts';

export interface GenerationViews {
  /** The generation that NGINX was verified to serve; null before the first. */
  current(): Promise<GenerationView | null>;
  /** Newest first. */
  list(query: { limit: number; beforeNumber?: number | undefined }): Promise<GenerationView[]>;
  /** Throws RegistryError `not_found`. */
  detail(number: number): Promise<GenerationDetail>;
  /** From `from` (absent: the verified one before `to`) to `to`. Throws RegistryError `not_found`. */
  diff(to: number, from?: number): Promise<GenerationDiff>;
  /** The changes that the next publish would make. */
  preview(): Promise<GenerationDiff>;
  /** The configuration of one server that NGINX serves; empty text if there is none. Throws RegistryError `not_found`. */
  config(path: string): Promise<ServerConfig>;
}

/** Shows generations; `state` is that of the reconciler. */
export function createGenerationViews(context: PublishContext, state: () => PublishState): GenerationViews {
  const { store, dataDir } = context;
  const live = () => state().live?.number ?? null;

  function view({ fingerprint: _, ...row }: StoredGeneration): GenerationView {
    return { ...row, current: row.number === live() };
  }

  async function readRow(number: number): Promise<StoredGeneration> {
    const row = await store.generations.byNumber(number);
    if (row !== undefined) return row;
    const hint = 'GET /api/generations lists them.';
    throw new RegistryError('not_found', `There is no generation ${number}`, { hint });
  }

  async function readFiles(number: number): Promise<Rendering> {
    const files = await readGeneration(dataDir, number);
    if (files !== null) return files;
    throw new RegistryError('not_found', `The files of generation ${number} were removed`, {
      hint: 'The last 20 generations are stored; GET /api/generations lists them.',
    });
  }

  async function findBefore(number: number): Promise<number | null> {
    const rows = await store.generations.list({ limit: 50, beforeNumber: number });
    return rows.find((row) => row.state === 'verified')?.number ?? null;
  }

  return {
    async current() {
      const number = live();
      const row = number === null ? undefined : await store.generations.byNumber(number);
      return row === undefined ? null : view(row);
    },
    list: async (query) => (await store.generations.list(query)).map(view),
    detail: async (number) => ({
      ...view(await readRow(number)),
      files: (await readGeneration(dataDir, number)) ?? {},
    }),
    async diff(to, from) {
      const { rejected } = await readRow(to);
      const before = from ?? (await findBefore(to));
      const files = diffRenderings(before === null ? {} : await readFiles(before), await readFiles(to));
      return { from: before, to, changed: files.length > 0, files, rejected };
    },
    async preview() {
      const { servers } = await readSnapshot(store);
      await context.resolver.resolve(listTargets(servers));
      const { plan, rejected } = planRoutes({
        gateway: context.planGateway(),
        servers,
        tls: await context.planServerTls(servers),
        addressOf: (host, port) => context.resolver.addressOf(host, port),
        rejected: selectRejections(state().rejections, servers),
      });
      const number = live();
      const before = number === null ? {} : ((await readGeneration(dataDir, number)) ?? {});
      // Rendered with the number of the served generation, so that only real changes are shown.
      const files = diffRenderings(before, context.render(plan, context.readFacts(), number ?? 0, context.gateBundle));
      return { from: number, to: null, changed: files.length > 0, files, rejected };
    },
    async config(path) {
      const server = await store.servers.byPath(path);
      if (server === undefined) throw new RegistryError('not_found', `There is no server "${path}"`);
      const number = live();
      const files = number === null ? null : await readGeneration(dataDir, number);
      const text = files === null ? '' : readServerBlock(files, server.id);
      return { path, generation: text === '' ? null : number, text };
    },
  };
}
