import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SHELL_SCRIPTS, type Shell } from './shell-scripts.ts';

// How each shell prints its completions of a command line after it has loaded our script.
const SHELLS: Record<Shell, { options: string[]; program: (file: string, words: string[]) => string }> = {
  bash: {
    options: ['--norc', '-c'],
    program: (file, words) =>
      `. ${file}; COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _mcpgw; printf '%s\\n' "\${COMPREPLY[@]}"`,
  },
  zsh: {
    options: ['-f', '-c'],
    // compdef and compadd belong to its line editor, which needs a terminal.
    program: (file, words) =>
      `compdef() { : }; compadd() { shift; print -l -- "$@" }; . ${file}; words=(${words.join(' ')}); CURRENT=${words.length}; _mcpgw`,
  },
  fish: {
    options: ['-c'],
    program: (file, words) => `source ${file}; complete -C '${words.join(' ').replaceAll('""', '')}'`,
  },
};

const folder = mkdtempSync(join(tmpdir(), 'mcpgw-shells-'));
const env = { ...process.env, HOME: folder, PATH: [folder, process.env['PATH']].join(delimiter) };

beforeAll(() => {
  // A stub of the command: offers servers whose names contain the words that it received.
  const file = join(folder, 'mcpgw');
  writeFileSync(file, '#!/bin/sh\nshift 2\nlast=""\nfor last; do :; done\nprintf "%s\\n" "$last-of-$#" "$last/two"\n');
  chmodSync(file, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isInstalled = (shell: Shell) => spawnSync(shell, ['-c', 'true']).status === 0;

for (const shell of Object.keys(SHELL_SCRIPTS) as Shell[])
  test.runIf(isInstalled(shell))(
    `${shell} calls the command with the words so far, and offers each line of its output`,
    () => {
      const file = join(folder, `script.${shell}`);
      writeFileSync(file, SHELL_SCRIPTS[shell]);
      const { options, program } = SHELLS[shell];
      const offered = (...words: string[]) =>
        execFileSync(shell, [...options, program(file, words)], { env, encoding: 'utf8' })
          .trim()
          .split('\n')
          .sort();
      expect(offered('mcpgw', 'servers', 'sh')).toEqual(['sh-of-2', 'sh/two']);
      // After a space the word that is completed is an empty one.
      expect(offered('mcpgw', 'servers', 'show', '""')).toEqual(['-of-3', '/two']);
    },
  );
