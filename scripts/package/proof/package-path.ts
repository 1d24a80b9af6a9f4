import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { enterMachine } from './machine.ts';

// prove-deb.sh runs this for a machine that it booted: the steps of the proof in that machine.
const [nspawn, oldPackage = '', newPackage = ''] = process.argv.slice(2);
const MAX_EXPOSURE = 3;
// In brackets, so that the shell of the command itself does not match.
const REGISTRY = "pgrep -f 'dist/[r]egistry.js'";
const root = resolve(import.meta.dirname, '../../..');
const say = (text: string) => {
  console.error(`  ${text}`);
};
const machine = await enterMachine(Number(nspawn));

machine.run(`apt-get install -y --no-install-recommends ./${oldPackage}`);
assert.equal(
  machine.tryRun('systemctl is-active mcpgw').output.trim(),
  'active',
  machine.tryRun('journalctl -u mcpgw --no-pager | tail -30').output,
);
assert.equal(machine.tryRun('systemctl is-enabled mcpgw').output.trim(), 'enabled');
const journal = machine.run('journalctl -u mcpgw --no-pager');
assert.match(journal, /ready/);
assert.doesNotMatch(journal, /mgw_[0-9A-Za-z]{43}/, 'no key is in the journal');
machine.run('for name in registry nginx mcpgw-server; do test -s /var/log/mcpgw/$name/current || exit 1; done');
assert.doesNotMatch(journal, /Operation not permitted/);
say('installed by apt-get, started and enabled; systemctl start waits until it serves');

const login = machine.run('cat /var/lib/mcpgw/first-login.txt');
const password = /password"?\s*[:=]\s*"?([^\s"]+)/i.exec(login)?.[1] ?? '';
const owners = machine.run("ps -eo user:20,cmd | grep -E 'nginx|dist/(registry|mcpgw-server)\\.js' | grep -v grep");
assert.ok(owners.split('\n').filter(Boolean).length >= 4, owners);
for (const line of owners
  .trim()
  .split('\n')
  .filter((one) => !/\/etc\/nginx|nginx: .*www-data/.test(one) && !/daemon on/.test(one)))
  if (!/^(root|www-data) +nginx: (master process \/usr\/sbin\/nginx -g daemon on|worker)/.test(line))
    assert.match(line, /^mcpgw /);
assert.deepEqual(machine.tryRun('systemd-analyze verify mcpgw.service'), { code: 0, output: '' });
const exposure = machine.run('systemd-analyze security --no-pager mcpgw.service | tail -n 1').trim();
assert.ok(Number(/: ([\d.]+)/.exec(exposure)?.[1]) <= MAX_EXPOSURE, exposure);
say(`systemd-analyze verify finds nothing; ${exposure}`);
assert.match(machine.run('mcpgw-data check'), /is sound/);
assert.match(machine.run('mcpgw --version'), /\d+\.\d+\.\d+/);
// The command uses the service without any option. debootstrap creates no /etc/hosts, which every installed Debian has.
machine.run('grep -qs localhost /etc/hosts || echo 127.0.0.1 localhost >>/etc/hosts');
const status = machine.tryRun('mcpgw status');
assert.deepEqual([status.code, /State +ready/.test(status.output)], [4, true], status.output);
machine.run(`MCPGW_PASSWORD=${password} mcpgw login`);
assert.match(machine.run('mcpgw status'), /as admin/);
const doctor = machine.tryRun('mcpgw doctor --json');
assert.deepEqual(
  [doctor.code, /"check": ?"(data folder|log folder|services|gateway)"/.test(doctor.output)],
  [0, false],
  doctor.output,
);
machine.run('mcpgw backup /root/backup && test -s /root/backup/mcpgw.db');
machine.run('mcpgw logs registry >/dev/null');
say('mcpgw status, login, doctor, backup and logs use the service');

/** Runs a part of the proof in the machine's network; resolves with what it printed. */
function inNetwork(...args: string[]): { lines: string[]; ended: Promise<number | null>; stop: () => void } {
  const [command = '', ...enter] = machine.enterNetwork;
  const child = spawn(
    command,
    [...enter, join(root, 'node_modules/.bin/node'), join(import.meta.dirname, 'agent.ts'), ...args],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, PASSWORD: password },
    },
  );
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n').filter(Boolean)));
  return {
    lines,
    ended: new Promise((done) => child.once('close', done)),
    stop: () => child.stdin.end(),
  };
}

const agent = inNetwork();
const until = Date.now() + 300_000;
while (!agent.lines.includes('calling')) {
  assert.ok(Date.now() < until, 'the agent calls a tool');
  await new Promise((done) => setTimeout(done, 100));
}
say('signed in, registered a server, its tool is called over and over');
const before = machine.run(REGISTRY).trim();
const nginx = machine.run('cat /var/lib/mcpgw/run/nginx.pid').trim();
const upgrade = await machine.start(`apt-get install -y --no-install-recommends ./${newPackage}`);
assert.equal(upgrade.code, 0, upgrade.output);
assert.notEqual(machine.run(REGISTRY).trim(), before, `another registry runs: ${upgrade.output}`);
assert.match(machine.run('journalctl -u mcpgw --no-pager'), /mcpgw 0\.99\.0 runs on/);
assert.equal(machine.run('cat /var/lib/mcpgw/run/nginx.pid').trim(), nginx, 'the same NGINX runs');
await new Promise((done) => setTimeout(done, 2_000));
agent.stop();
assert.equal(await agent.ended, 0, agent.lines.join('\n'));
say(`upgraded to ${newPackage} meanwhile: ${agent.lines.at(-1) ?? ''}`);

machine.run('systemctl restart mcpgw');
machine.run('apt-get remove -y mcpgw');
assert.notEqual(machine.tryRun('systemctl is-active mcpgw').output.trim(), 'active');
assert.equal(machine.tryRun('pgrep -u mcpgw').output.trim(), '', 'none of its processes runs');
machine.run('test -s /var/lib/mcpgw/mcpgw.db && test -e /etc/mcpgw/mcpgw.env && test ! -e /usr/lib/mcpgw');
say('removed: nothing runs, data and settings remain');
machine.run(`apt-get install -y --no-install-recommends ./${newPackage}`);
assert.equal(machine.tryRun('systemctl is-active mcpgw').output.trim(), 'active');
machine.run('apt-get purge -y mcpgw');
machine.run('! test -e /var/lib/mcpgw && ! test -e /var/log/mcpgw && ! test -e /etc/mcpgw && ! getent passwd mcpgw');
say('installed again on its data, then purged: nothing is left');

const script = (command: string) => machine.run(`MCPGW_SKIP_BUILD=yes bash /checkout/scripts/${command}`);
script('install.sh');
assert.equal(machine.tryRun('systemctl is-active mcpgw').output.trim(), 'active');
const settings = machine.run('echo "# mine" >>/etc/mcpgw/mcpgw.env; cat /etc/mcpgw/mcpgw.env');
const listPids = () => machine.run(`${REGISTRY}; cat /var/lib/mcpgw/run/nginx.pid`).trim().split('\n');
const first = listPids();
assert.equal(first.length, 2, 'one registry and one NGINX');
script('install.sh');
const second = listPids();
assert.notEqual(second[0], first[0], 'another registry runs');
assert.equal(second[1], first[1], 'the same NGINX runs');
assert.equal(machine.run('cat /etc/mcpgw/mcpgw.env'), settings);
for (const time of ['first', 'second']) {
  assert.match(script('uninstall.sh'), /Kept: /, `${time} time`);
  machine.run('test -s /var/lib/mcpgw/mcpgw.db && ! test -e /usr/lib/mcpgw && ! pgrep -u mcpgw');
}
script('uninstall.sh --purge');
machine.run('! test -e /var/lib/mcpgw && ! test -e /etc/mcpgw && ! getent passwd mcpgw');
say('scripts/install.sh installs, and upgrades in place; scripts/uninstall.sh keeps the data, and purges it');
machine.tryRun('systemctl poweroff');
