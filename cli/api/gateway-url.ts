import { usageError } from '../program/cli-error.ts';
import type { Logins } from './logins.ts';

/** Checks a gateway's address as a person writes it and returns it without a slash at the end. Throws CliError. */
export function readGatewayUrl(written: string, from: string): string {
  const url = URL.parse(/^[a-z]+:\/\//i.test(written) ? written : `http://${written}`);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw usageError(
      `${from}: ${JSON.stringify(written)} is not the address of a gateway`,
      'It is like http://localhost:8080.',
    );
  if (url.username !== '' || url.password !== '')
    throw usageError(`${from}: an address carries no user name and password`, 'Sign in with "mcpgw login".');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Whether an address is on this machine. */
export function isLoopback(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

/** Which gateway a command is about: `--url`, MCPGW_URL, the gateway of the last login, or the one on this machine, by its settings. */
export function chooseGatewayUrl(option: string | undefined, env: NodeJS.ProcessEnv, logins: Logins): string {
  if (option !== undefined) return readGatewayUrl(option, '--url');
  const set = env['MCPGW_URL'];
  if (set !== undefined && set !== '') return readGatewayUrl(set, 'MCPGW_URL');
  if (logins.current !== null) return logins.current;
  const own = env['GATEWAY_URL'];
  if (own !== undefined && own !== '') return readGatewayUrl(own, 'GATEWAY_URL');
  return readGatewayUrl(`http://localhost:${env['GATEWAY_PORT'] ?? '8080'}`, 'GATEWAY_PORT');
}
