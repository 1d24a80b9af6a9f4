import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSettings } from '../../registry/settings/settings.ts';
import { chooseDemoPort } from './demo/demo.ts';
import { runOrExit, StartError } from './start-error.ts';
import { removeStaleRendering } from './supervise/stale-rendering.ts';
import { takeRunLock } from './supervise/run-lock.ts';
import { writeServiceFolders } from './supervise/service-folders.ts';

const root = process.env['MCPGW_ROOT'] ?? resolve(import.meta.dirname, '..');
const withDemo = process.env['MCPGW_DEMO'] === 'yes';

/** Takes the data folder, writes the service folders and executes supervise.sh, which starts the supervisor and announce.ts. */
await runOrExit(async () => {
  const settings = readSettings(process.env, root);
  if (process.execve === undefined) throw new StartError('this Node cannot become another program (process.execve)');
  if (!takeRunLock(settings.dataDir)) throw new StartError(`another start on ${settings.dataDir} was faster`);
  const demoPort = withDemo ? await chooseDemoPort(settings.dataDir) : 0;
  writeServiceFolders(root, settings.dataDir, ['registry', 'nginx', 'mcpgw-server', ...(withDemo ? ['demo'] : [])]);
  removeStaleRendering(settings);
  // mcpgw-server waits for the one that the registry writes now.
  rmSync(join(settings.dataDir, 'run/registry.url'), { force: true });
  process.execve('/bin/sh', ['sh', join(root, 'scripts/start/supervise/supervise.sh')], {
    ...process.env,
    HOME: settings.dataDir,
    MCPGW_ROOT: root,
    MCPGW_DATA_DIR: settings.dataDir,
    MCPGW_LOG_DIR: settings.logDir,
    MCPGW_NGINX_BIN: settings.nginxBin,
    MCPGW_DEMO_PORT: String(demoPort),
    MCPGW_GATEWAY_URL: settings.gatewayUrl,
    MCPGW_ALLOWED_ORIGINS: settings.allowedOrigins.join(','),
  });
});
