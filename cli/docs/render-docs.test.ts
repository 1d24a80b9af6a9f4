import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { createProgram } from '../program/create-program.ts';
import { examplesOf } from '../program/examples.ts';
import { formatDocs } from './format-docs.ts';
import { listCommands } from './list-commands.ts';

const FILE = resolve(import.meta.dirname, '../../docs/cli.md');

test('docs/cli.md matches the help of the command; npm run docs:cli writes it', async () => {
  const written = readFileSync(FILE, 'utf8');
  expect(written).toBe(await formatDocs(FILE));
  // As Markdown, a pair of stars would be emphasis, which Prettier writes with underscores.
  expect(written).toContain(String.raw`a path, "team/\*", or "\*" for every server`);
});

test('every command has a description, and each that does something has an example', () => {
  for (const { name, command } of listCommands(createProgram())) {
    expect(command.description(), name).toMatch(/\.$/);
    if (command.commands.length === 0) expect(examplesOf(command).length, name).toBeGreaterThan(0);
    for (const [line] of examplesOf(command)) expect(line, name).toContain('mcpgw ');
  }
});
