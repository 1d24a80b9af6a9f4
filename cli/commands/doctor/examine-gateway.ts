import { lookup } from 'node:dns/promises';
import { z } from 'zod';
import {
  agentView,
  gatewayView,
  isBridged,
  killView,
  listAttention,
  serverView,
  settingsView,
  type AttentionItem,
  type ServerView,
} from '@mcpgw/registry/contract';
import { createApi, gatewayUrlOf, isLoopback, listAll, readKey, type Api } from '../../api/index.ts';
import { findInstallation, type Finding } from '../../machine/index.ts';
import { CliError } from '../../program/cli-error.ts';
import { EXIT } from '../../program/exit-codes.ts';
import type { Context } from '../../program/context.ts';
import { VERSION } from '../../version.ts';

const health = z.object({ error: z.string().optional() });
const TIMEOUT_MS = 10_000;
const SKEW_MS = 30_000;
const MANY = 20;

function finding(check: string, severity: Finding['severity'], message: string, hint: string): Finding {
  return { check, severity, message, hint, fix: null };
}

/** Checks that the gateway responds, is ready, and has the same time. */
async function checkGateway(url: string): Promise<Finding[]> {
  let response: Response;
  try {
    response = await fetch(`${url}/readyz`, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    const failure = await createApi(url, {})
      .open(['readyz'])
      .catch((thrown: unknown) => thrown);
    const { message, hint = '' } = failure instanceof CliError ? failure : new CliError(String(failure));
    return [finding('gateway', 'error', message, hint)];
  }
  const findings: Finding[] = [];
  const body = z
    .object({ detail: z.string(), hint: z.string(), published: z.boolean() })
    .partial()
    .catch({})
    .parse(await response.json().catch(() => ({})));
  if (response.status !== 200)
    findings.push(
      finding(
        'gateway',
        'error',
        `${url} is not ready: ${body.detail ?? `it responded with ${response.status}`}`,
        body.hint ?? '"mcpgw logs registry" shows why.',
      ),
    );
  else if (body.published === false)
    findings.push(
      finding(
        'publishing',
        'error',
        'the last publish failed, so an older configuration is served',
        'GET /api/generations and "mcpgw logs registry" show why; it is retried automatically.',
      ),
    );
  const skewMs = Date.parse(response.headers.get('date') ?? '') - Date.now();
  if (Math.abs(skewMs) > SKEW_MS)
    findings.push(
      finding(
        'clock',
        'error',
        `the clocks of this machine and of ${url} differ by ${Math.round(Math.abs(skewMs) / 1_000)} s`,
        'Synchronise both (timedatectl set-ntp true): the expiry of keys and certificates depends on them.',
      ),
    );
  return findings;
}

/** Checks that the key that agents on this machine use is valid. */
async function checkKey({ env, options }: Context, url: string): Promise<Finding[]> {
  try {
    const key = readKey(options.keyFile, env);
    if (key === null) return [];
    await createApi(url, { ...key.headers }).request({
      path: ['api', 'session'],
      response: z.unknown(),
      acceptStatuses: [403],
    });
    return [];
  } catch (thrown) {
    const { message, hint = '', exitCode } = thrown as CliError;
    if (exitCode === EXIT.unreachable) return [];
    return [
      finding(
        'key',
        'error',
        `the key is refused: ${message}`,
        `${hint} "mcpgw keys create <agent>" creates another.`.trim(),
      ),
    ];
  }
}

async function checkNames(servers: ServerView[]): Promise<Finding[]> {
  const hosts = new Map<string, string>();
  for (const { path, instances, enabled, ...reached } of servers)
    if (enabled && !isBridged(reached))
      for (const { url } of instances) hosts.set(new URL(url).hostname.replace(/^\[|\]$/g, ''), path);
  const checked = [...hosts].filter(([host]) => !host.endsWith('.localhost')).slice(0, 200);
  const failed = await Promise.all(
    checked.map(async ([host, path]) =>
      (await lookup(host)
        .then(() => true)
        .catch(() => false))
        ? null
        : { host, path },
    ),
  );
  return failed
    .filter((one) => one !== null)
    .map(({ host, path }) =>
      finding(
        'DNS',
        'error',
        `the name ${host} (server ${path}) cannot be resolved on this machine`,
        'Check the name and /etc/resolv.conf; a name of an internal zone needs its DNS server.',
      ),
    );
}

/** Problems that the gateway itself reports. */
async function checkReported(api: Api, isHere: boolean): Promise<Finding[]> {
  const [{ version }, servers, agents, { certificates, problems, rollback }, { items: kills }] = await Promise.all([
    api.request({ path: ['api', 'settings'], response: settingsView }),
    listAll(api, ['api', 'servers'], serverView),
    listAll(api, ['api', 'agents'], agentView),
    api.request({ path: ['api', 'gateway'], response: gatewayView }),
    api.request({ path: ['api', 'kill'], response: z.object({ items: z.array(killView) }) }),
  ]);
  const attention = listAttention({ servers, agents, certificates, problems, rollback, nowMs: Date.now() });
  const hintFor = ({ target: { type, name }, remedy }: AttentionItem) =>
    type === 'gateway' ? (remedy ?? 'mcpgw status shows more.') : `mcpgw ${type}s show ${name}`;
  return [
    ...(version === VERSION
      ? []
      : [
          finding(
            'version',
            'warning',
            `the gateway is version ${version}, this command ${VERSION}`,
            'Restart the gateway, or use the command of the same version.',
          ),
        ]),
    ...kills.map(({ scope, target, reason, by }) =>
      finding(
        'kill switch',
        'warning',
        `${target === null ? 'everything' : `${scope} ${target}`} is stopped: ${reason} (by ${by})`,
        `mcpgw resume ${scope}${target === null ? '' : ` ${target}`}`,
      ),
    ),
    ...attention.slice(0, MANY).map((item) => {
      const { severity, target, kind, cause } = item;
      const message = target.type === 'gateway' ? cause : `${target.type} ${target.name} is ${kind}: ${cause}`;
      return finding(target.type, severity === 'danger' ? 'error' : 'warning', message, hintFor(item));
    }),
    ...(attention.length > MANY
      ? [finding('server', 'warning', `${attention.length - MANY} more need attention`, 'mcpgw status')]
      : []),
    ...(isHere ? await checkNames(servers) : []),
  ];
}

/** Runs the checks that need the gateway; fewer if nobody is signed in. */
export async function examineGateway(
  context: Context,
): Promise<{ checked: string[]; findings: Finding[]; skipped: string | null }> {
  const url = gatewayUrlOf(context.options, context.env);
  const findings = [...(await checkGateway(url)), ...(await checkKey(context, url))];
  const checked = ['gateway', 'publishing', 'clock', 'key'];
  if (findings.some(({ check }) => check === 'gateway'))
    return {
      checked,
      findings,
      skipped: 'the gateway does not respond, so servers, agents and keys were not checked',
    };
  try {
    const isHere = findInstallation() !== null && isLoopback(url);
    const api = await context.api();
    const why = await api.request({ path: ['health'], response: health, acceptStatuses: [503] });
    for (const one of findings) if (one.check === 'publishing') one.message = why.error ?? one.message;
    findings.push(...(await checkReported(api, isHere)));
    return { checked: [...checked, 'version', 'kill switch', 'server', 'agent', 'DNS'], findings, skipped: null };
  } catch (thrown) {
    if (!(thrown instanceof CliError)) throw thrown;
    return {
      checked,
      findings,
      skipped: `servers, agents and keys were not checked: ${thrown.message}. ${thrown.hint ?? ''}`,
    };
  }
}
