import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect } from 'vitest';
import { startEverything } from '../../support/gateway/start-everything.ts';
import { ROOT, startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { README, readBlocks } from './blocks.ts';

const run = promisify(execFile);
const blocks = readBlocks(README);

/** Starts a gateway before the tests of a file, and runs the commands of the README in a new folder. */
export function useReadmeSite() {
  const tried = new Set<string>();
  const closers: (() => unknown)[] = [];
  const site = {
    folder: '',
    gateway: {} as Gateway,
    backend: '',
    /** Environment of the commands. */
    variables: {} as Record<string, string>,
    closers,
    blocks,
    /** The block of a language that contains `words`, marked as tried. */
    pick: (language: string, words: string): string => {
      const found = blocks.filter((block) => block.language === language && block.text.includes(words));
      expect(found, `blocks with ${words}`).toHaveLength(1);
      tried.add(found[0]!.text);
      return found[0]!.text;
    },
    listUntried: () => blocks.filter(({ text }) => !tried.has(text)).map(({ text }) => text),
    /** Replaces the addresses in the README with those of this test. */
    here: (text: string) =>
      text.replaceAll('http://localhost:8080', site.gateway.url).replaceAll('http://localhost:8000/mcp', site.backend),
    shell: async (text: string): Promise<string> => {
      const PATH = `${join(site.folder, 'bin')}:${join(ROOT, 'node_modules/.bin')}:${process.env['PATH']}`;
      const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', site.here(text)], {
        cwd: site.folder,
        env: { ...process.env, ...site.variables, PATH },
      });
      return stdout;
    },
  };
  beforeAll(async () => {
    site.folder = mkdtempSync(join(tmpdir(), 'mcpgw-readme-'));
    closers.push(() => rmSync(site.folder, { recursive: true, force: true }));
    const everything = await startEverything();
    closers.push(everything.close);
    site.gateway = await startGateway({ env: { STDIO_COMMANDS: 'allow', FILES_TOKEN: 'a token' } });
    closers.push(site.gateway.close);
    site.backend = everything.url;
    site.variables = { PASSWORD: site.gateway.env['ADMIN_PASSWORD']! };
    // The client is not installed here: a stand-in takes the same arguments and stores them for the test.
    mkdirSync(join(site.folder, 'bin'));
    writeFileSync(
      join(site.folder, 'bin/claude'),
      `#!/bin/sh\ncase "$5" in weather | gateway) ;; *) exit 1 ;; esac\n[ "$1 $2 $3 $4 $7" = "mcp add --transport http --header" ] || { echo "unexpected: $*" >&2; exit 1; }\nprintf '%s\\n%s\\n' "$6" "$8" > claude-arguments\n`,
    );
    chmodSync(join(site.folder, 'bin/claude'), 0o755);
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });
  return site;
}
