import { expect, test } from 'vitest';
import { listProblems, type GatewayFacts } from './list-problems.ts';

const HEALTHY: GatewayFacts = {
  processes: { nginx: null, 'mcpgw-server': null, bridge: null },
  notPublished: null,
  overdue: [],
  configFile: { file: '/etc/mcpgw.config.json', problems: [] },
  folders: [
    { name: 'LOG_DIR', folder: '/var/log/mcpgw', effect: 'Calls are not recorded', freeBytes: null, failure: null },
  ],
  deaths: [],
};
const MB = 1024 * 1024;

test('a working gateway has no problems', () => {
  expect(listProblems(HEALTHY)).toEqual([]);
});

test('each problem states cause, effect and remedy, worst first', () => {
  const [folder] = HEALTHY.folders;
  const found = listProblems({
    processes: { ...HEALTHY.processes, bridge: 'it does not run' },
    notPublished: 'bind() to 0.0.0.0:80 failed',
    overdue: ['servers/a.json', 'gate.json'],
    configFile: {
      file: '/etc/mcpgw.config.json',
      problems: [{ field: 'servers.a.url', message: 'the scheme "ftp" cannot be routed', line: 3, column: 5 }],
    },
    folders: [
      { ...folder!, failure: 'the disk is full (ENOSPC)' },
      { ...folder!, name: 'DATA_DIR', freeBytes: 12.4 * MB },
    ],
    deaths: [
      { what: 'nginx-worker', atMs: 1_000, how: 'signal 9' },
      { what: 'nginx-worker', atMs: 2_000, how: 'signal 11' },
      { what: 'bridge', atMs: 3_000, how: 'exit code 1' },
    ],
  });
  expect(found.map(({ kind, subject, cause }) => [kind, subject, cause])).toEqual([
    [
      'process_down',
      'bridge',
      'The bridge is down (it does not run): programs, REST APIs and virtual servers answer 503',
    ],
    [
      'not_enforced',
      'access',
      'The gate does not enforce the last access changes yet: 2 files, first access/servers/a.json could not be written',
    ],
    [
      'not_published',
      'nginx',
      'The last publish failed, so NGINX serves an older configuration: bind() to 0.0.0.0:80 failed',
    ],
    [
      'disk',
      'LOG_DIR',
      'LOG_DIR (/var/log/mcpgw) cannot be written: the disk is full (ENOSPC). Calls are not recorded',
    ],
    ['disk', 'DATA_DIR', 'DATA_DIR (/var/log/mcpgw) has 12 MB left. When it is full: Calls are not recorded'],
    [
      'config_file',
      '/etc/mcpgw.config.json',
      'The configuration file is not used: /etc/mcpgw.config.json:3:5: servers.a.url: the scheme "ftp" cannot be routed',
    ],
    [
      'crashed',
      'nginx-worker',
      '2 workers of NGINX died in the last hour (signal 11): the calls and streams in progress were interrupted',
    ],
    ['crashed', 'bridge', 'bridge died once in the last hour (exit code 1) and was restarted'],
  ]);
  expect(found.every(({ remedy }) => remedy.length > 20)).toBe(true);
  expect(found.find(({ subject }) => subject === 'nginx-worker')?.sinceMs).toBe(1_000);
});
