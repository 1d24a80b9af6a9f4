import { createApi, type Api } from './client.ts';
import { chooseCredentials } from './credentials.ts';
import { chooseGatewayUrl } from './gateway-url.ts';
import { readLogins } from './logins.ts';

interface GatewayOptions {
  url?: string;
  keyFile?: string;
}

/** The address of the gateway that a command uses. */
export function gatewayUrlOf({ url }: GatewayOptions, env: NodeJS.ProcessEnv): string {
  return chooseGatewayUrl(url, env, readLogins(env));
}

/** Connects to the REST API of that gateway with the stored login or the key of an agent. Rejects with CliError if there is neither. */
export function connectApi({ url: option, keyFile }: GatewayOptions, env: NodeJS.ProcessEnv): Promise<Api> {
  return Promise.resolve().then(() => {
    const logins = readLogins(env);
    const url = chooseGatewayUrl(option, env, logins);
    return createApi(url, chooseCredentials(url, keyFile, env, logins).headers);
  });
}
