import {
  configApplied,
  configApplyInput,
  configExport,
  configImported,
  configPlan,
  configPlanInput,
  configStatus,
  exportInput,
  importInput,
  takeOverInput,
  type ConfigPlan,
} from '../../../contract/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';

const TAG = 'Configuration';
const WAIT_MS = 30_000;

/** Configurations as documents: planning and applying them, and what each one manages. */
export function configEndpoints({
  configuration,
  publisher,
}: Pick<AppDeps, 'configuration' | 'publisher'>): Endpoint[] {
  const example = { document: { servers: { weather: { url: 'http://127.0.0.1:8000/mcp' } } }, source: 'ci' };
  const status = { 200: { description: 'The configuration file and what is managed.', schema: configStatus } };
  const showStatus = async () => ({ status: 200, body: await configuration.status() });

  /** Only changes of servers are published; changes of access take effect at once. */
  async function waitUntilLive({ changes }: ConfigPlan, revision: number | null) {
    if (revision === null || !changes.some(({ kind }) => kind === 'server'))
      return { applied: true, generation: (await publisher.current())?.number ?? null };
    const tooLong = new Promise<null>((resolve) => {
      setTimeout(() => resolve(null), WAIT_MS).unref();
    });
    const outcome = await Promise.race([publisher.whenLive(revision), tooLong]);
    return { applied: outcome?.applied ?? false, generation: outcome?.generation ?? null };
  }

  return [
    endpoint({
      method: 'get',
      path: '/api/config',
      tag: TAG,
      summary: 'Show the configuration file and what is managed',
      access: 'viewer',
      answers: status,
      handle: showStatus,
    }),
    endpoint({
      method: 'post',
      path: '/api/config/plan',
      tag: TAG,
      summary: 'Show what a configuration would change',
      description: 'Nothing is changed. References (`${VAR}`, `file:`) are resolved by the sender, never here.',
      access: 'admin',
      isLarge: true,
      body: configPlanInput,
      example,
      answers: { 200: { description: 'The plan.', schema: configPlan } },
      handle: async ({ body: { document, ...options } }) => ({
        status: 200,
        body: await configuration.plan(document, options),
      }),
    }),
    endpoint({
      method: 'post',
      path: '/api/config/apply',
      tag: TAG,
      summary: 'Apply a configuration',
      description:
        'All of it or nothing, as one change with one publish. Servers and agents of the same source that it no longer contains are removed; those that the API created remain.',
      access: 'admin',
      isLarge: true,
      body: configApplyInput,
      example,
      answers: { 200: { description: 'What was changed.', schema: configApplied } },
      handle: async ({ actor, body: { document, ...options } }) => {
        const { plan, revision } = await configuration.apply(actor, document, options);
        return { status: 200, body: { ...plan, ...(await waitUntilLive(plan, revision)) } };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/config/export',
      tag: TAG,
      summary: 'Export the whole state',
      description:
        'Servers, groups, agents with the hashes of their keys, users, kill switches, tool locks, what is recorded of calls, and changed settings. Secrets are left out, or sealed with a passphrase.',
      access: 'admin',
      body: exportInput,
      example: { secrets: 'sealed', passphrase: 'correct horse battery staple' },
      answers: { 200: { description: 'The state.', schema: configExport } },
      handle: async ({ actor, body }) => ({ status: 200, body: await configuration.export(actor, body) }),
    }),
    endpoint({
      method: 'post',
      path: '/api/config/import',
      tag: TAG,
      summary: 'Import an exported state',
      description: 'All of it or nothing, as one change with one publish.',
      access: 'admin',
      isLarge: true,
      body: importInput,
      example: { document: { export: { version: 1, secrets: 'omitted', omitted: [] } }, dryRun: true },
      answers: { 200: { description: 'What was changed.', schema: configImported } },
      handle: async ({ actor, body }) => {
        const { plan, revision, missingSecrets } = await configuration.import(actor, body);
        const live = body.dryRun ? { applied: false, generation: null } : await waitUntilLive(plan, revision);
        return { status: 200, body: { ...plan, ...live, missingSecrets } };
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/config/take-over',
      tag: TAG,
      summary: 'Take a server or agent over from a configuration',
      description: 'The API may change it from then on; the configuration does not change it until it is given back.',
      access: 'admin',
      body: takeOverInput,
      example: { kind: 'server', name: 'weather' },
      answers: status,
      handle: async ({ actor, body }) => {
        await configuration.takeOver(actor, body);
        return showStatus();
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/config/give-back',
      tag: TAG,
      summary: 'Give back what was taken over from a configuration',
      description: 'The configuration file manages it again at once; another configuration, when it is next applied.',
      access: 'admin',
      body: takeOverInput,
      example: { kind: 'server', name: 'weather' },
      answers: status,
      handle: async ({ actor, body }) => {
        await configuration.giveBack(actor, body);
        return showStatus();
      },
    }),
  ];
}
