import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, type RunningProgram } from '../../test/support/processes/run-program.ts';

/** The relevant part of an image's configuration (Docker's image spec 1.2). */
export interface ImageConfig {
  Entrypoint: string[];
  Env: string[];
  Volumes: Record<string, object>;
  ExposedPorts: Record<string, object>;
  Healthcheck: { Test: string[] };
  WorkingDir: string;
}

/** Reads the output of `buildah inspect`. */
export function readImageConfig(work: string): ImageConfig {
  const image = JSON.parse(readFileSync(join(work, 'image.json'), 'utf8')) as { Docker: { config: ImageConfig } };
  return image.Docker.config;
}

interface Run {
  /** Folder for the state of the runtime. */
  work: string;
  rootfs: string;
  image: ImageConfig;
  /** docker run -e */
  env: Record<string, string>;
  /** docker run -v: folder in the container → folder here. */
  volumes: Record<string, string>;
  /** docker run --cap-add, after --cap-drop ALL. */
  capabilities: string[];
}

const NAME = 'gateway';
const NAMESPACES = ['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type }));

/** The OCI runtime's configuration of `docker run --read-only --security-opt no-new-privileges`, in the network namespace of this process. */
function describeContainer({ rootfs, image, env, volumes, capabilities }: Run): object {
  const binds = Object.entries(volumes).map(([destination, source]) => ({
    destination,
    source,
    type: 'bind',
    options: ['rbind', 'rw', 'nosuid', 'nodev'],
  }));
  const [bounding, effective, permitted] = [capabilities, capabilities, capabilities];
  return {
    ociVersion: '1.0.0',
    process: {
      user: { uid: 0, gid: 0 },
      args: image.Entrypoint,
      env: [...image.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
      cwd: image.WorkingDir,
      capabilities: { bounding, effective, permitted, inheritable: [], ambient: [] },
      noNewPrivileges: true,
    },
    root: { path: rootfs, readonly: true },
    hostname: NAME,
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=65536k'] },
      ...binds,
    ],
    linux: { namespaces: NAMESPACES },
  };
}

export interface Container {
  program: RunningProgram;
  /** docker exec: exit code and output. */
  exec: (command: string[]) => { code: number | null; output: string };
  /** docker kill --signal; resolves with the exit code. */
  kill: (signal: string) => Promise<number | string>;
}

/** Starts the image as Docker would. End it with `kill`. */
export function startContainer(run: Run): Container {
  const bundle = join(run.work, 'bundle');
  const runc = ['--root', join(run.work, 'runc')];
  mkdirSync(bundle, { recursive: true });
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(describeContainer(run)));
  const program = runProgram('runc', [...runc, 'run', '--bundle', bundle, NAME]);
  return {
    program,
    exec(command) {
      const { status, stdout, stderr } = spawnSync('runc', [...runc, 'exec', NAME, ...command], { encoding: 'utf8' });
      return { code: status, output: `${stdout}${stderr}` };
    },
    async kill(signal) {
      execFileSync('runc', [...runc, 'kill', NAME, signal]);
      return program.ended;
    },
  };
}
