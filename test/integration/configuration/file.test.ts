import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { useConfiguredApp } from './use-configured-app.ts';

const on = useConfiguredApp();
const { paths, revision, status, file } = on;

test('the file of the gateway is applied when it appears and when it changes; an invalid file changes nothing', async () => {
  on.app.configuration.watch();
  writeFileSync(join(on.dataDir, 'token'), 'Bearer from-a-file\n');
  writeFileSync(file, `servers:\n  from-file:\n    url: ${on.url}\n    headers: { Authorization: "file:token" }\n`);
  await waitFor('the file', async () => (await paths()).includes('from-file'));
  const { id } = await on.app.servers.get('from-file');
  expect(await on.app.store.servers.credentials(id)).toEqual({ Authorization: 'Bearer from-a-file' });
  expect(await waitFor('its status', async () => (await status()).state === 'applied' && status())).toMatchObject({
    file,
    problems: [],
    managed: [{ kind: 'server', name: 'from-file', source: 'mcpgw.config' }],
  });

  const before = await revision();
  writeFileSync(file, `servers:\n  from-file:\n    url: ${on.url}\n   oops: true\n`);
  const broken = await waitFor('that it is broken', async () => (await status()).state === 'broken' && status());
  expect(broken.problems).toMatchObject([{ line: 4, message: expect.any(String) }]);
  expect(await revision()).toBe(before);
  expect((await on.admin.ask('GET', '/health')).body).toMatchObject({
    status: 'degraded',
    error: expect.stringContaining(`${file}:4:`),
  });

  writeFileSync(file, `servers:\n  from-file:\n    url: http://169.254.169.254/\n`);
  const refused = await waitFor('that it is refused', async () => {
    const now = await status();
    return now.problems[0]?.line === 3 && now;
  });
  expect(refused).toMatchObject({ state: 'broken', problems: [{ line: 3, column: 5 }] });
  expect(await revision()).toBe(before);

  // A renewed secret is a change too.
  writeFileSync(file, `servers:\n  from-file:\n    url: ${on.url}\n    headers: { Authorization: "file:token" }\n`);
  await waitFor('that it is valid again', async () => (await status()).state === 'applied');
  writeFileSync(join(on.dataDir, 'token'), 'Bearer renewed\n');
  await waitFor(
    'the new secret',
    async () => (await on.app.store.servers.credentials(id))['Authorization'] === 'Bearer renewed',
  );
  expect((await on.admin.ask('GET', '/health')).body).toMatchObject({ status: 'healthy' });
});

test('settings of the file take effect at once where they can, others are listed for the restart', async () => {
  writeFileSync(
    file,
    `settings:\n  HEALTH_TIMEOUT_MS: 1234\n  GATEWAY_PORT: 9999\nservers:\n  from-file: { url: "${on.url}" }\n`,
  );
  const now = await waitFor('the settings', async () => (await status()).restart.length > 0 && status());
  expect(now).toMatchObject({ state: 'applied', restart: ['GATEWAY_PORT'] });
  expect(await on.admin.must('GET', '/api/settings')).toMatchObject({
    healthTimeoutMs: 1234,
    managed: ['healthTimeoutMs'],
  });
  expect(await on.admin.ask('PATCH', '/api/settings', { healthTimeoutMs: 2000 })).toMatchObject({
    status: 409,
    body: { errors: [{ field: 'healthTimeoutMs' }] },
  });
  expect((await on.admin.ask('PATCH', '/api/settings', { healthCron: '*/40 * * * * *' })).status).toBe(200);
  // So are the default limits of new agents, which new agents in the same file get.
  writeFileSync(
    file,
    `${readFileSync(file, 'utf8')}agentLimits: { rules: [{ callsPerDay: 3 }] }\nagents: { fresh: {} }\n`,
  );
  await waitFor('the agent', async () => (await status()).managed.some(({ name }) => name === 'fresh'));
  expect(await on.admin.must('GET', '/api/agents/fresh/limits')).toMatchObject({ rules: [{ callsPerDay: 3 }] });
  const limited = await waitFor('the limits', async () => {
    const found = await on.admin.must<{ managed: string[] }>('GET', '/api/settings');
    return found.managed.length === 2 && found;
  });
  expect(limited).toMatchObject({ agentLimits: { rules: [{ callsPerDay: 3 }] } });
  expect((await on.admin.ask('PATCH', '/api/settings', { agentLimits: { rules: [] } })).status).toBe(409);
  // A file that is refused for another reason changes no setting.
  const good = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    `settings: { HEALTH_TIMEOUT_MS: 4321 }\nservers:\n  from-file: { url: "http://169.254.169.254/" }\n`,
  );
  await waitFor('that it is refused', async () => (await status()).state === 'broken');
  expect(await on.admin.must('GET', '/api/settings')).toMatchObject({ healthTimeoutMs: 1234 });
  writeFileSync(file, good);
  await waitFor('that it is valid again', async () => (await status()).state === 'applied');
});

test('a deleted file removes nothing; an empty one does', async () => {
  const text = readFileSync(file, 'utf8');
  rmSync(file);
  await waitFor('that it is missing', async () => (await status()).state === 'missing');
  expect(await paths()).toContain('from-file');
  writeFileSync(file, text);
  await waitFor('that it is back', async () => (await status()).state === 'applied');
  writeFileSync(file, '{}\n');
  await waitFor('that it is empty', async () => !(await paths()).includes('from-file'));
});
