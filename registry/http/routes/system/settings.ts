import { settingsPatch, settingsView } from '../../../contract/index.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import type { AppDeps } from '../../app-deps.ts';

/** Settings that can be changed at runtime. */
export function settingEndpoints({ settings }: Pick<AppDeps, 'settings'>): Endpoint[] {
  const answers = { 200: { description: 'The settings.', schema: settingsView } };
  return [
    endpoint({
      method: 'get',
      path: '/api/settings',
      tag: 'Settings',
      summary: 'Show the settings',
      access: 'viewer',
      answers,
      handle: async () => {
        const view = await settings.view();
        return { status: 200, body: view, revision: view.revision };
      },
    }),
    endpoint({
      method: 'patch',
      path: '/api/settings',
      tag: 'Settings',
      summary: 'Change settings',
      access: 'admin',
      body: settingsPatch,
      example: { healthCron: '*/30 * * * * *' },
      current: () => settings.view(),
      answers,
      handle: async ({ actor, body, ifRevision }) => {
        const view = await settings.change(actor, body, ifRevision);
        return { status: 200, body: view, revision: view.revision };
      },
    }),
  ];
}
