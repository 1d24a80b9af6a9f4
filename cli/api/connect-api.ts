import { createApi, type Api } from './client.ts';
import { chooseCredentials } from './credentials.ts';
import { chooseGatewayUrl } from './gateway-url.ts';
import { readLogins } from './logins.ts';

interface Wanted {
  url?: string;
  keyFile?: string;
}

/** The address of the gateway that a command is about. */
export function gatewayUrlOf({ url }: Wanted, env: NodeJS.ProcessEnv): string {
  return chooseGatewayUrl(url, env, readLogins(env));
}

/** The REST API of that gateway, as the user that is signed in or the agent whose key is given. Rejects with CliError where there is neither. */
export function connectApi({ url: option, keyFile }: Wanted, env: NodeJS.ProcessEnv): Promise<Api> {
  return Promise.resolve().then(() => {
    const logins = readLogins(env);
    const url = chooseGatewayUrl(option, env, logins);
    return createApi(url, chooseCredentials(url, keyFile, env, logins).headers);
  });
}
