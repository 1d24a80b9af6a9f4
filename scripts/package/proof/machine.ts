import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { listChildren } from '../../../test/support/processes/list-processes.ts';
import { waitFor } from '../../../test/support/wait-for.ts';

/** A booted machine, entered through the namespaces of its PID 1. */
export interface Machine {
  /** Runs a command in the machine; throws an error with its output if it fails. */
  run: (command: string, limitMs?: number) => string;
  /** Runs a command and returns its exit code and output. */
  tryRun: (command: string, limitMs?: number) => { code: number | null; output: string };
  /** The same, without blocking this process. */
  start: (command: string) => Promise<{ code: number | null; output: string }>;
  /** Prefix of a command that runs a program of this machine in the network of that one. */
  enterNetwork: string[];
}

function findInit(nspawn: number): number | undefined {
  return listChildren(nspawn).find((pid) => /systemd|init/.test(readFileSync(`/proc/${pid}/comm`, 'utf8')));
}

/** Waits until systemd-nspawn has booted the machine. */
export async function enterMachine(nspawn: number): Promise<Machine> {
  const init = await waitFor('the machine', () => findInit(nspawn), 300_000);
  const enter = ['-t', String(init), '--all', '--', '/bin/sh', '-c'];
  const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  const tryRun: Machine['tryRun'] = (command, limitMs = 900_000) => {
    const options = { encoding: 'utf8', timeout: limitMs, env: environment } as const;
    const { status, stdout, stderr } = spawnSync('nsenter', [...enter, `cd /root && ${command}`], options);
    return { code: status, output: `${stdout}${stderr}` };
  };
  await waitFor('systemd', () => /running|degraded/.test(tryRun('systemctl is-system-running').output), 300_000);
  return {
    tryRun,
    run(command, limitMs) {
      const { code, output } = tryRun(command, limitMs);
      if (code !== 0) throw new Error(`${command} ended with ${code}:\n${output}`);
      return output;
    },
    start(command) {
      const child = spawn('nsenter', [...enter, `cd /root && ${command}`], {
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => (output += text));
      return new Promise((resolve) => {
        child.once('close', (code) => {
          resolve({ code, output });
        });
      });
    },
    enterNetwork: ['nsenter', '-t', String(init), '--net', '--'],
  };
}
