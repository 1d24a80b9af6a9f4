import { afterAll, beforeAll } from 'vitest';
import { startModernOnly } from '../../fixtures/backends/compliant/modern-only.ts';
import type { McpFixture } from '../../fixtures/kit/serve-mcp.ts';
import { startEverything } from '../../support/gateway/start-everything.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { startCli, type Cli } from './start-cli.ts';

/** The gateway that all tests of the CLI share in one test file: starting it takes longer than most of them. */
export interface OnOneGateway {
  gateway: Gateway;
  everything: Awaited<ReturnType<typeof startEverything>>;
  modern: McpFixture;
  cli: Cli;
  /** The CLI with the settings of the gateway in its environment, as on its machine. */
  local: Cli;
  /** Key of the agent `caller`. */
  key: string;
}

/** Starts it before the tests of a file. */
export function startOneGateway(): OnOneGateway {
  const on = { key: '' } as OnOneGateway;
  const closers: (() => Promise<void> | void)[] = [];
  beforeAll(async () => {
    on.everything = await startEverything();
    closers.push(on.everything.close);
    on.modern = await startModernOnly();
    closers.push(() => on.modern.close());
    on.gateway = await startGateway({ env: { STDIO_COMMANDS: 'allow', FILES_TOKEN: 'a token' } });
    closers.push(on.gateway.close);
    on.cli = startCli(on.gateway.url);
    closers.push(on.cli.remove);
    const settings = Object.entries(on.gateway.env).filter(([name]) => !['PATH', 'HOME'].includes(name));
    on.local = startCli(on.gateway.url, {
      ...Object.fromEntries(settings),
      MCPGW_PASSWORD: on.gateway.env['ADMIN_PASSWORD'] ?? '',
      GITHUB_AUTH: 'Bearer x',
    });
    closers.push(on.local.remove);
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });
  return on;
}
