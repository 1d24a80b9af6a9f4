import { expect, it } from 'vitest';
import { explainVersion, findUnpinned, pinVersion } from './pin-version.ts';

const pin = (command: string, ...args: string[]) => {
  const found = findUnpinned(command, args);
  return found === null ? null : pinVersion(args, found, '1.2.3');
};

it.each([
  ['npx', ['-y', 'server-files', '/srv'], ['-y', 'server-files@1.2.3', '/srv']],
  ['/usr/bin/npx', ['-y', '@scope/server'], ['-y', '@scope/server@1.2.3']],
  ['npx', ['@scope/server@latest'], ['@scope/server@1.2.3']],
  ['npx', ['-y', '-p', 'server-files', 'files'], ['-y', '-p', 'server-files@1.2.3', 'files']],
  ['uvx', ['mcp-server-git', '--repository', '/srv'], ['mcp-server-git@1.2.3', '--repository', '/srv']],
  ['uvx', ['--from', 'mcp-server-git', 'run'], ['--from', 'mcp-server-git==1.2.3', 'run']],
])('pins the package that %s %j downloads', (command, args, pinned) => {
  expect(pin(command, ...args)).toEqual(pinned);
});

it.each([
  ['node', ['server.js']],
  ['npx', ['-y', 'server-files@2.0.1']],
  ['npx', ['-y', '@scope/server@2.0.1']],
  ['npx', ['--package=server-files', 'files']],
  ['npx', ['-y', './folder']],
  ['npx', ['-y', 'github:owner/name']],
  ['npx', ['-y']],
  ['uvx', ['mcp-server-git==1.0']],
  ['uvx', ['-p', '3.12', 'mcp-server-git']],
  ['uvx', ['--python', '3.12', 'mcp-server-git']],
  ['uvx', ['--from', 'git+https://example.com/a', 'run']],
])('offers no version for %s %j', (command, args) => {
  expect(pin(command, ...args)).toBeNull();
});

it('accepts only versions', () => {
  for (const version of ['', '1.2.3', '2026.11.30', '1.0.0-beta.1']) expect(explainVersion(version)).toBeNull();
  for (const version of ['latest', '^1.2', '1.2.3 --evil', 'v1']) expect(explainVersion(version)).not.toBeNull();
});
