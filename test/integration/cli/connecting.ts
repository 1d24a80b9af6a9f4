import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { OnOneGateway } from './on-one-gateway.ts';

/** `mcpgw connect`, with the servers and the agent of `testCommands`. */
export function testConnecting(on: OnOneGateway): void {
  // The preceding tests end with a logout.
  beforeAll(async () => {
    await on.cli.run(['login'], { env: { MCPGW_PASSWORD: on.gateway.env['ADMIN_PASSWORD'] ?? '' } });
  });

  test('a client is connected and disconnected without changing anything else in its file', async () => {
    const project = join(on.cli.home, 'project');
    mkdirSync(join(project, '.cursor'), { recursive: true });
    const file = join(project, '.cursor/mcp.json');
    const before = '{\n\t// mine\n\t"mcpServers": {\n\t\t"other": { "url": "http://example.com" }, // stays\n\t},\n}\n';
    writeFileSync(file, before);
    expect((await on.cli.run(['connect', 'cursor', 'old'], { cwd: project })).code).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe(before);
    const done = await on.cli.run(['connect', 'cursor', 'old', '--yes'], { cwd: project });
    expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining('+\t\t\t"url": "http://') });
    const after = readFileSync(file, 'utf8');
    expect(after).toContain('// mine');
    expect(after).toContain('// stays');
    expect(after).toContain(`${on.gateway.env['GATEWAY_PORT']!}/old/mcp`);
    expect((await on.cli.run(['connect', 'cursor', '--undo', '--yes'], { cwd: project })).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect((await on.cli.run(['connect', 'cursor', '--undo', '--yes'], { cwd: project })).code).toBe(5);
  });

  test('comments of TOML and later changes are preserved; a damaged file is not changed', async () => {
    const file = join(on.cli.home, '.codex/config.toml');
    mkdirSync(join(on.cli.home, '.codex'));
    const before = '# mine\nmodel = "x" # this one\n\n[mcp_servers.other]\ncommand = "other"\n';
    writeFileSync(file, before);
    expect((await on.cli.run(['connect', 'codex', 'old', 'new', '--yes'])).code).toBe(0);
    const after = readFileSync(file, 'utf8');
    for (const kept of ['# mine', '# this one', '[mcp_servers.other]', 'mcp_servers.old', 'mcp_servers.new'])
      expect(after).toContain(kept);
    writeFileSync(file, after.replace('"x"', '"y"'));
    expect((await on.cli.run(['connect', 'codex', '--undo', '--yes'])).code).toBe(0);
    const undone = readFileSync(file, 'utf8');
    expect(undone).toContain('model = "y" # this one');
    expect(undone).toContain('[mcp_servers.other]');
    expect(undone).not.toContain('mcp_servers.old');
    const broken = join(on.cli.home, 'broken.json');
    writeFileSync(broken, '{\n  "mcpServers": {\n    oops\n  }\n}\n');
    expect(await on.cli.run(['connect', 'windsurf', 'old', '--file', broken, '--yes'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('broken.json:3:'),
    });
    expect(readFileSync(broken, 'utf8')).toContain('oops');
  });

  test('every client that is listed gets a file, with a key only if requested', async () => {
    const clients = await on.cli.json<{ client: string }[]>(['connect']);
    expect(clients.length).toBeGreaterThan(10);
    const created = (await on.cli.run(['keys', 'create', 'caller'])).stdout.trim();
    for (const { client } of clients) {
      const file = join(on.cli.home, 'all', client);
      const words = ['connect', client, 'old', '--file', file, '--yes'];
      const open = await on.cli.run(words);
      if (open.code === 0) expect(readFileSync(file, 'utf8')).not.toContain('mgw_');
      else expect(open, client).toMatchObject({ code: 2, stderr: expect.stringContaining('--include-key') });
      const withKey = await on.cli.run([...words, '--include-key'], { env: { MCPGW_KEY: created } });
      expect(withKey, client).toMatchObject({ code: 0 });
      expect(withKey.stderr + withKey.stdout).not.toContain(created);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect((await on.cli.run(['connect', client, '--undo', '--file', file, '--yes'])).code).toBe(0);
      if (open.code !== 0) expect(existsSync(file)).toBe(false);
    }
  });

  test('undo removes a YAML file that was created, and restores one that existed, also after it was edited', async () => {
    const file = join(on.cli.home, 'continue.yaml');
    const options = ['connect', 'continue', '--file', file, '--yes'];
    expect((await on.cli.run([...options, 'old', '--include-key'], { env: { MCPGW_KEY: on.key } })).code).toBe(0);
    writeFileSync(file, `${readFileSync(file, 'utf8')}# edited\n`);
    expect((await on.cli.run([...options, '--undo'])).code).toBe(0);
    expect(existsSync(file)).toBe(false);
    // A file that existed is restored from its copy, which other changes do not remove.
    writeFileSync(file, 'name: mine\n');
    expect((await on.cli.run([...options, 'old', '--include-key'], { env: { MCPGW_KEY: on.key } })).code).toBe(0);
    writeFileSync(file, `${readFileSync(file, 'utf8')}# edited\n`);
    const other = join(on.cli.home, 'other.json');
    expect((await on.cli.run(['connect', 'cursor', 'old', '--file', other, '--yes'])).code).toBe(0);
    expect((await on.cli.run([...options, '--undo'])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe('name: mine\n');
  });

  test('copies for undo are few, readable by their user alone, and removed when no undo can use them', async () => {
    const folder = join(on.cli.home, '.local/state/mcpgw/backups');
    const copies = () => (existsSync(folder) ? readdirSync(folder) : []);
    const file = join(on.cli.home, 'shared.json');
    const key = (await on.cli.run(['keys', 'create', 'caller'])).stdout.trim();
    const before = `{ "mcpServers": { "mine": { "url": "http://h", "headers": { "Authorization": "Bearer ${key}" } } } }\n`;
    writeFileSync(file, before, { mode: 0o644 });
    expect(copies()).toEqual([]);
    const connect = (...words: string[]) =>
      on.cli.run(['connect', 'cursor', ...words, '--file', file, '--yes'], { env: { MCPGW_KEY: key } });
    expect((await connect('old')).code).toBe(0);
    // No key was added, so the mode of the file is not changed; the copy is readable by its user alone.
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(copies().map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600]);
    expect((await connect('new', '--include-key')).code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(copies()).toHaveLength(2);
    expect((await connect('--undo')).code).toBe(0);
    expect(copies()).toHaveLength(1);
    expect((await connect('--undo')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(copies()).toEqual([]);
    expect((await connect('old')).code).toBe(0);
    // Changed by someone else: our entries are removed from it, and the copy is useless.
    writeFileSync(file, readFileSync(file, 'utf8').replace('"mine"', '"renamed"'));
    expect(
      (await on.cli.run(['connect', 'windsurf', 'old', '--file', join(on.cli.home, 'windsurf.json'), '--yes'])).code,
    ).toBe(0);
    expect(copies()).toEqual([]);
    expect((await connect('--undo')).code).toBe(0);
    const undone = readFileSync(file, 'utf8');
    expect(undone).toContain('"renamed"');
    expect(undone).not.toContain('/old/mcp');
  });
}
