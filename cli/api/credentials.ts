import { readFileSync } from 'node:fs';
import { KEY_SHAPE } from '@mcpgw/registry/contract';
import { CliError, usageError } from '../program/cli-error.ts';
import { EXIT } from '../program/exit-codes.ts';
import type { Logins } from './logins.ts';

/** By what the gateway knows the caller. */
export type Credentials =
  | { kind: 'login'; username: string; headers: { cookie: string } }
  | { kind: 'key'; from: string; key: string; headers: { authorization: string } };

function checkKey(written: string, from: string): Credentials {
  const key = written.trim();
  if (!KEY_SHAPE.test(key))
    throw usageError(
      `${from} holds no key of an agent`,
      'A key is mgw_… with 54 characters; check that all of it was copied.',
    );
  return { kind: 'key', from, key, headers: { authorization: `Bearer ${key}` } };
}

/** The key of `--key-file` or MCPGW_KEY; null where neither is given. Throws CliError; never shows the key. */
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

/** What the REST API is asked with: the key file, the stored login, or MCPGW_KEY, which is often set for agents. Throws CliError where there is none. */
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
