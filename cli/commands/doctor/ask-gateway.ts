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

/** Whether the gateway answers, is ready, and has the same time. */
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
        `${url} is not ready: ${body.detail ?? `it answered ${response.status}`}`,
        body.hint ?? '"mcpgw logs registry" says why.',
      ),
    );
  else if (body.published === false)
    findings.push(
      finding(
        'publishing',
        'error',
        'the last publish failed, so an older configuration serves',
        'GET /api/generations and "mcpgw logs registry" say why; it is tried again by itself.',
      ),
    );
  const skewMs = Date.parse(response.headers.get('date') ?? '') - Date.now();
  if (Math.abs(skewMs) > SKEW_MS)
    findings.push(
      finding(
        'clock',
        'error',
        `the clocks of this machine and of ${url} differ by ${Math.round(Math.abs(skewMs) / 1_000)} s`,
        'Set both (timedatectl set-ntp true): keys and certificates expire by them.',
      ),
    );
  return findings;
}

/** Whether the key that agents here use is good. */
async function checkKey({ env, options }: Context, url: string): Promise<Finding[]> {
  try {
    const key = readKey(options.keyFile, env);
    if (key === null) return [];
    await createApi(url, { ...key.headers }).ask({
      path: ['api', 'session'],
      answer: z.unknown(),
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
        `${hint} "mcpgw keys create <agent>" makes another.`.trim(),
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
        `the name ${host} (server ${path}) cannot be looked up on this machine`,
        'Check the name and /etc/resolv.conf; a name of an internal zone needs its DNS server.',
      ),
    );
}

/** What the gateway itself knows to be wrong. */
async function checkInside(api: Api, isHere: boolean): Promise<Finding[]> {
  const [{ version }, servers, agents, { certificates, problems, rollback }, { items: kills }] = await Promise.all([
    api.ask({ path: ['api', 'settings'], answer: settingsView }),
    listAll(api, ['api', 'servers'], serverView),
    listAll(api, ['api', 'agents'], agentView),
    api.ask({ path: ['api', 'gateway'], answer: gatewayView }),
    api.ask({ path: ['api', 'kill'], answer: z.object({ items: z.array(killView) }) }),
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
            'Restart the gateway, or use the command that came with it.',
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

/** What can be found out by asking the gateway; with nobody signed in, less. */
export async function askGateway(
  context: Context,
): Promise<{ checked: string[]; findings: Finding[]; skipped: string | null }> {
  const url = gatewayUrlOf(context.options, context.env);
  const findings = [...(await checkGateway(url)), ...(await checkKey(context, url))];
  const checked = ['gateway', 'publishing', 'clock', 'key'];
  if (findings.some(({ check }) => check === 'gateway'))
    return {
      checked,
      findings,
      skipped: 'the gateway does not answer, so nothing could be asked about servers, agents and keys',
    };
  try {
    const isHere = findInstallation() !== null && isLoopback(url);
    const api = await context.api();
    const why = await api.ask({ path: ['health'], answer: health, acceptStatuses: [503] });
    for (const one of findings) if (one.check === 'publishing') one.message = why.error ?? one.message;
    findings.push(...(await checkInside(api, isHere)));
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
