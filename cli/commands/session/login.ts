import type { Command } from 'commander';
import { z } from 'zod';
import { sessionView } from '@mcpgw/registry/contract';
import {
  createApi,
  explainNoResponse,
  explainProblem,
  gatewayUrlOf,
  isLoopback,
  loginsFile,
  readGatewayUrl,
  readLogins,
  writeLogins,
} from '../../api/index.ts';
import { CliError } from '../../program/cli-error.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { readPassword } from './read-password.ts';

interface Options {
  user: string;
  passwordStdin?: boolean;
}
const TIMEOUT_MS = 30_000;

/** Signs in and returns the session's cookie. Throws CliError. */
async function signIn(url: string, username: string, password: string) {
  let response: Response;
  try {
    response = await fetch(`${url}/api/session`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ username, password }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (thrown) {
    throw explainNoResponse(url, thrown, TIMEOUT_MS);
  }
  const location = response.headers.get('location');
  if (location !== null)
    throw new CliError(`${url} redirects to ${location}`, {
      hint: `Sign in there: mcpgw login ${new URL(location, url).origin}`,
    });
  const body: unknown = await response.json().catch(() => undefined);
  const session = sessionView.safeParse(body);
  if (!response.ok || !session.success) throw explainProblem(url, response.status, body);
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ');
  return { session: session.data, cookie };
}

function warnAboutHttp({ output }: Context, url: string): void {
  if (url.startsWith('http:') && !isLoopback(url))
    output.note(`Warning: ${url} is http, so the password is sent unencrypted.`);
}

async function login(context: Context, written: string | undefined, { user, passwordStdin }: Options): Promise<void> {
  const { env, output, options } = context;
  const url = written === undefined ? gatewayUrlOf(options, env) : readGatewayUrl(written, 'url');
  warnAboutHttp(context, url);
  const password = await readPassword(passwordStdin === true, user, url, env);
  const { session, cookie } = await signIn(url, user, password);
  const before = readLogins(env);
  const { [url]: replaced, ...others } = before.gateways;
  if (replaced !== undefined) await signOut(url, replaced.cookie);
  writeLogins(env, {
    current: url,
    gateways: { ...others, [url]: { username: session.name, cookie, expiresAt: session.expiresAt } },
  });
  output.result({ url, ...session }, () => {
    output.text(`Signed in at ${url} as ${session.name} (${session.role}). Commands use this gateway from now on.`);
    output.note(`The session is stored in ${loginsFile(env)} and expires after 12 hours without use.`);
  });
}

/** Ends a session at the gateway; one that is unknown there has ended already. */
async function signOut(url: string, cookie: string): Promise<void> {
  await createApi(url, { cookie })
    .request({ method: 'DELETE', path: ['api', 'session'], response: z.unknown() })
    .catch(() => undefined);
}

async function logout({ env, output, options }: Context): Promise<void> {
  const url = gatewayUrlOf(options, env);
  const { current, gateways } = readLogins(env);
  const { [url]: ended, ...others } = gateways;
  if (ended !== undefined) await signOut(url, ended.cookie);
  writeLogins(env, { current: current === url ? (Object.keys(others)[0] ?? null) : current, gateways: others });
  output.result({ url, signedOut: ended !== undefined }, () => {
    output.text(ended === undefined ? `You were not signed in at ${url}.` : `Signed out at ${url}.`);
  });
}

/** `mcpgw login`, `mcpgw logout` */
export function addLoginCommands(program: Command): void {
  const command = program
    .command('login')
    .summary('sign in at a gateway')
    .description(
      'Signs in and stores the session (never the password) in a file that only you can read. Commands use this gateway from then on.\nThe password is prompted for, or read from stdin or MCPGW_PASSWORD; it is not an argument, since other users can see those.',
    )
    .argument('[url]', 'address of the gateway; without it, the one that commands use')
    .option('-u, --user <name>', 'user name', 'admin')
    .option('--password-stdin', 'read the password from stdin')
    .action(action((context, options: Options, url: string | undefined) => login(context, url, options)));
  addExamples(
    command,
    ['mcpgw login', 'at the gateway on this machine'],
    ['mcpgw login https://gateway.example.com --user ada', 'somewhere else, as somebody else'],
    ['mcpgw login --password-stdin < password.txt', 'from a script'],
  );
  const out = program
    .command('logout')
    .summary('end the session at a gateway')
    .description('Ends the session at the gateway and removes it from this machine.')
    .action(action((context) => logout(context)));
  addExamples(out, ['mcpgw logout', 'at the gateway that commands use']);
}
