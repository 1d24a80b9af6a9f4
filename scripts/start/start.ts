import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSettings } from '../../registry/settings/settings.ts';
import { chooseDemoPort } from './demo.ts';
import { runOrRefuse, StartRefused } from './refuse.ts';
import { forgetOtherRendering } from './rendered-for.ts';
import { takeRunLock } from './run-lock.ts';
import { writeServiceFolders } from './service-folders.ts';

const root = process.env['MCPGW_ROOT'] ?? resolve(import.meta.dirname, '../..');
const withDemo = process.env['MCPGW_DEMO'] === 'yes';

/** Takes the data folder, writes the service folders and becomes stay.sh, which starts the supervisor and greet.ts. */
await runOrRefuse(async () => {
  const settings = readSettings(process.env, root);
  if (process.execve === undefined) throw new StartRefused('this Node cannot become another program (process.execve)');
  if (!takeRunLock(settings.dataDir)) throw new StartRefused(`another start on ${settings.dataDir} was quicker`);
  const demoPort = withDemo ? await chooseDemoPort(settings.dataDir) : 0;
  writeServiceFolders(root, settings.dataDir, ['registry', 'nginx', 'mcpgw-server', ...(withDemo ? ['demo'] : [])]);
  forgetOtherRendering(settings);
  // mcpgw-server waits for the one that the registry writes now.
  rmSync(join(settings.dataDir, 'run/registry.url'), { force: true });
  process.execve('/bin/sh', ['sh', join(root, 'scripts/start/stay.sh')], {
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
