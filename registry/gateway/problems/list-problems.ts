import type { GatewayProblem } from '../../contract/index.ts';
import type { FolderState } from './check-folder.ts';
import type { Death } from './deaths.ts';

/** A current problem; `sinceMs` is set if its start is known more precisely than the time of detection. */
export type FoundProblem = Omit<GatewayProblem, 'since'> & { sinceMs?: number };

/** What is checked for problems. */
export interface GatewayFacts {
  /** Why each process does not respond; null: it does, or is not needed. */
  processes: Record<'nginx' | 'mcpgw-server' | 'bridge', string | null>;
  /** Why the last publish failed; null: it did not. */
  notPublished: string | null;
  /** Access files that could not be written yet. */
  overdue: readonly string[];
  configFile: {
    file: string | null;
    problems: readonly { field: string; message: string; line?: number | undefined; column?: number | undefined }[];
  };
  folders: readonly FolderState[];
  /** Deaths of processes and of NGINX's workers in the last hour, oldest first. */
  deaths: readonly Death[];
}

const NAMES = { nginx: 'NGINX', 'mcpgw-server': 'The management server', bridge: 'The bridge' } as const;
const EFFECTS = {
  nginx: 'no agent is served',
  'mcpgw-server': 'the server mcpgw and the meta endpoint at /mcp may answer 503',
  bridge: 'programs, REST APIs and virtual servers answer 503',
} as const;
const MB = 1024 * 1024;

/** The first problem of the configuration file ("the file:3:5: servers.weather.url: …"); null: none. */
export function explainConfigFile({ file, problems }: GatewayFacts['configFile']): string | null {
  const [first] = problems;
  if (first === undefined) return null;
  const place = first.line === undefined ? file : `${file}:${first.line}:${first.column}`;
  return `${place === null ? '' : `${place}: `}${first.field === '' ? '' : `${first.field}: `}${first.message}`;
}

function listProcesses(processes: GatewayFacts['processes']): FoundProblem[] {
  return Object.entries(processes).flatMap(([key, problem]) => {
    const name = key as keyof typeof NAMES;
    if (problem === null) return [];
    return [
      {
        kind: 'process_down' as const,
        subject: name,
        cause: `${NAMES[name]} is down (${problem}): ${EFFECTS[name]}`,
        remedy: `It is restarted automatically. If it stays down, see the end of LOG_DIR/${name}/current.`,
      },
    ];
  });
}

function listFolders(folders: readonly FolderState[]): FoundProblem[] {
  return folders.flatMap(({ name, folder, freeBytes, failure, effect }) => {
    const where = `${name} (${folder})`;
    if (failure !== null)
      return [
        {
          kind: 'disk' as const,
          subject: name,
          cause: `${where} cannot be written: ${failure}. ${effect}`,
          remedy: `Free space there or raise the quota (df -h ${folder}), and make sure that the user that runs mcpgw may write there. It recovers automatically.`,
        },
      ];
    if (freeBytes === null) return [];
    return [
      {
        kind: 'disk' as const,
        subject: name,
        cause: `${where} has ${(freeBytes / MB).toFixed(freeBytes < 10 * MB ? 1 : 0)} MB left. When it is full: ${effect}`,
        remedy: `Free space there, or move it to a larger disk (df -h ${folder}).`,
      },
    ];
  });
}

function listDeaths(deaths: readonly Death[]): FoundProblem[] {
  const groups = Map.groupBy(deaths, ({ what }) => what);
  return [...groups].map(([what, of]) => {
    const last = of.at(-1);
    const times = of.length === 1 ? 'once' : `${of.length} times`;
    const isWorker = what === 'nginx-worker';
    return {
      kind: 'crashed' as const,
      subject: what,
      cause: isWorker
        ? `${of.length === 1 ? 'A worker of NGINX' : `${of.length} workers of NGINX`} died in the last hour (${last?.how ?? ''}): the calls and streams in progress were interrupted`
        : `${what} died ${times} in the last hour (${last?.how ?? ''}) and was restarted`,
      remedy: isWorker
        ? 'NGINX has started others. If nobody killed them, see LOG_DIR/error.log; signal 9 often means that the kernel ran out of memory (journalctl -k).'
        : `If nobody stopped it, see the end of LOG_DIR/${what}/current; signal 9 often means that the kernel ran out of memory (journalctl -k).`,
      ...(of[0] !== undefined && { sinceMs: of[0].atMs }),
    };
  });
}

/** What is wrong with the gateway itself, worst first. */
export function listProblems(facts: GatewayFacts): FoundProblem[] {
  const { notPublished, overdue, configFile } = facts;
  const broken = explainConfigFile(configFile);
  return [
    ...listProcesses(facts.processes),
    ...(overdue.length === 0
      ? []
      : [
          {
            kind: 'not_enforced' as const,
            subject: 'access',
            cause: `The gate does not enforce the last access changes yet: ${overdue.length === 1 ? '' : `${overdue.length} files, first `}access/${overdue[0] ?? ''} could not be written`,
            remedy:
              'Free space in DATA_DIR, or make the user that runs mcpgw the owner of the folder again. The write is retried until it succeeds. To stop an agent now, revoke its keys: that needs no space.',
          },
        ]),
    ...(notPublished === null
      ? []
      : [
          {
            kind: 'not_published' as const,
            subject: 'nginx',
            cause: `The last publish failed, so NGINX serves an older configuration: ${notPublished}`,
            remedy:
              'Fix the reported cause. Publishing is retried with the next change, and automatically within a minute.',
          },
        ]),
    ...listFolders(facts.folders),
    ...(broken === null
      ? []
      : [
          {
            kind: 'config_file' as const,
            subject: configFile.file ?? 'mcpgw.config',
            cause: `The configuration file is not used: ${broken}`,
            remedy:
              'Correct it: it is read again when it changes. Until then, what was applied before remains in effect. "mcpgw config validate" checks a file before it is deployed.',
          },
        ]),
    ...listDeaths(facts.deaths),
  ];
}
