import { usageError } from '../program/cli-error.ts';
import type { Logins } from './logins.ts';

/** Validates the address of a gateway as entered by the user and returns it without a trailing slash. Throws CliError. */
export function readGatewayUrl(written: string, from: string): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(written) ? written : `http://${written}`);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw usageError(
      `${from}: ${JSON.stringify(written)} is not the address of a gateway`,
      'For example http://localhost:8080.',
    );
  if (url.username !== '' || url.password !== '')
    throw usageError(`${from}: the address must not contain a user name or password`, 'Sign in with "mcpgw login".');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Whether an address is on this machine. */
export function isLoopback(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

/** The gateway that a command uses: `--url`, MCPGW_URL, the gateway of the last login, or the one on this machine, by its settings. */
export function chooseGatewayUrl(option: string | undefined, env: NodeJS.ProcessEnv, logins: Logins): string {
  if (option !== undefined) return readGatewayUrl(option, '--url');
  const set = env['MCPGW_URL'];
  if (set !== undefined && set !== '') return readGatewayUrl(set, 'MCPGW_URL');
  if (logins.current !== null) return logins.current;
  const own = env['GATEWAY_URL'];
  if (own !== undefined && own !== '') return readGatewayUrl(own, 'GATEWAY_URL');
  return readGatewayUrl(`http://localhost:${env['GATEWAY_PORT'] ?? '8080'}`, 'GATEWAY_PORT');
}
