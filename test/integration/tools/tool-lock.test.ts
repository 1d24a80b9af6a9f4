import { expect, test } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';
import { ECHO } from '../health/backends.ts';
import { actor } from '../servers/catalogue.ts';
import { prepareListing, tool } from './prepare-listing.ts';

const { it, behaviour, register } = prepareListing();

test('a lock in mode "alert" shows what needs approval and blocks nothing', async () => {
  const { server } = await register('watched');
  const locked = await it.tools.setLock(actor, 'watched', { mode: 'alert' });
  expect(locked.toolLock).toMatchObject({ mode: 'alert', lockedBy: 'ada', waiting: 0, missing: [] });
  behaviour.tools = [tool('add', 'Now something else.'), tool('fresh')];
  await it.health.refresh('watched');
  const view = await it.tools.tools('watched');
  expect(view.toolLock).toMatchObject({ waiting: 2, missing: ['echo'] });
  expect(
    view.tools.map(({ name, approval, callable, approved }) => [name, approval, callable, approved?.description]),
  ).toEqual([
    ['add', 'changed', true, 'The tool add.'],
    ['fresh', 'added', true, undefined],
  ]);
  expect(await it.tools.allowedTools(server.id)).toBeNull();
});

test('a lock in mode "block" allows only approved tools; a rename does not bypass it', async () => {
  const { server } = await register('guarded');
  await it.tools.setLock(actor, 'guarded', { mode: 'block' });
  expect(await it.tools.allowedTools(server.id)).toEqual(['add', 'echo']);
  it.written.length = 0;
  behaviour.tools = [{ ...ECHO, name: 'echo2' }, tool('add', 'Changed.')];
  await it.health.refresh('guarded');
  expect(it.written).toContain(server.id);
  expect(await it.tools.allowedTools(server.id)).toEqual([]);
  expect(
    (await it.tools.changes('guarded', { limit: 9 })).items.map(({ kind, tool: name, previousName }) => [
      kind,
      name,
      previousName,
    ]),
  ).toEqual([
    ['renamed', 'echo2', 'echo'],
    ['changed', 'add', null],
  ]);

  const seen = (await it.tools.tools('guarded')).tools.find(({ name }) => name === 'add');
  behaviour.tools = [{ ...ECHO, name: 'echo2' }, tool('add', 'Changed again, after you checked.')];
  await it.health.refresh('guarded');
  // The approved definition is no longer the one that was read.
  await expect(
    it.tools.approve(actor, 'guarded', { tools: [{ name: 'add', hash: seen?.hash }] }),
  ).rejects.toMatchObject({ code: 'stale' });
  await expect(it.tools.approve(actor, 'guarded', { tools: [{ name: 'nothing' }] })).rejects.toMatchObject({
    code: 'invalid',
  });
  await it.tools.approve(actor, 'guarded', { tools: [{ name: 'echo2' }] });
  expect(await it.tools.allowedTools(server.id)).toEqual(['echo2']);
  const all = await it.tools.approve(actor, 'guarded', {});
  expect(all.toolLock).toMatchObject({ waiting: 0, missing: [] });
  expect(await it.tools.allowedTools(server.id)).toEqual(['add', 'echo2']);

  // Going back to the first definition is a change too.
  behaviour.tools = [{ ...ECHO, name: 'echo2' }, tool('add')];
  await it.health.refresh('guarded');
  expect(await it.tools.allowedTools(server.id)).toEqual(['echo2']);
  await it.tools.setLock(actor, 'guarded', { mode: null });
  expect(await it.tools.allowedTools(server.id)).toBeNull();
  expect((await it.store.audit.list({ limit: 9 })).map(({ action }) => action)).toEqual([
    'tools.unlocked',
    'tools.approved',
    'tools.approved',
    'tools.locked',
    'server.registered',
  ]);
});

test('tools of a server without a lock cannot be approved, and the error names the request that locks them', async () => {
  await register('free');
  await expect(it.tools.approve(actor, 'free', {})).rejects.toMatchObject({
    code: 'invalid',
    hint: 'Lock them first: PUT /api/servers/free/tool-lock {"mode": "alert"}.',
  });
});

test('a lock survives removal and restoring', async () => {
  const { server } = await register('back');
  await it.tools.setLock(actor, 'back', { mode: 'block' });
  await it.servers.remove(actor, 'back');
  await waitFor('no tools', async () => (await it.store.tools.byServer(server.id)).length === 0);
  behaviour.tools = [ECHO, tool('add', 'Meanwhile changed.')];
  await it.servers.restore(actor, 'back');
  await waitFor('its tools', async () => (await it.store.tools.byServer(server.id)).length > 0);
  expect(await it.tools.allowedTools(server.id)).toEqual(['echo']);
});
