import { readFileSync } from 'node:fs';
import { KEY_SHAPE } from '@mcpgw/registry/contract';
import { CliError, usageError } from '../program/cli-error.ts';
import { EXIT } from '../program/exit-codes.ts';
import type { Logins } from './logins.ts';

/** Credentials by which the gateway identifies the caller. */
export type Credentials =
  | { kind: 'login'; username: string; headers: { cookie: string } }
  | { kind: 'key'; from: string; key: string; headers: { authorization: string } };

function checkKey(written: string, from: string): Credentials {
  const key = written.trim();
  if (!KEY_SHAPE.test(key))
    throw usageError(
      `${from} does not contain the key of an agent`,
      'A key starts with mgw_ and has 54 characters; check that all of it was copied.',
    );
  return { kind: 'key', from, key, headers: { authorization: `Bearer ${key}` } };
}

/** The key of `--key-file` or MCPGW_KEY; null if neither is set. Throws CliError; never shows the key. */
export function readKey(
  keyFile: string | undefined,
  env: NodeJS.ProcessEnv,
): Extract<Credentials, { kind: 'key' }> | null {
  const set = env['MCPGW_KEY'];
  if (keyFile === undefined)
    return set === undefined || set === ''
      ? null
      : (checkKey(set, 'MCPGW_KEY') as Extract<Credentials, { kind: 'key' }>);
  try {
    return checkKey(readFileSync(keyFile === '-' ? 0 : keyFile, 'utf8'), `--key-file ${keyFile}`) as Extract<
      Credentials,
      { kind: 'key' }
    >;
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw usageError(`--key-file: ${keyFile} cannot be read (${(error as Error).message})`);
  }
}

/** Credentials for the REST API: the key file, the stored login, or MCPGW_KEY, which is often set for agents. Throws CliError if there are none. */
export function chooseCredentials(
  url: string,
  keyFile: string | undefined,
  env: NodeJS.ProcessEnv,
  logins: Logins,
): Credentials {
  const login = logins.gateways[url];
  if (keyFile === undefined && login !== undefined)
    return { kind: 'login', username: login.username, headers: { cookie: login.cookie } };
  const key = readKey(keyFile, env);
  if (key !== null) return key;
  throw new CliError(`you are not signed in at ${url}`, {
    exitCode: EXIT.denied,
    hint: 'Run "mcpgw login", or set MCPGW_KEY to the key of an agent that has a role.',
  });
}
