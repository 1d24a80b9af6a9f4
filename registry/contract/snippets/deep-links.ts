import type { ConnectClient } from './clients.ts';
import { vscodeInput, vscodeServer } from './editors.ts';
import { authorization, clientName, YOUR_KEY, type SnippetTarget } from './target.ts';

function toBase64(value: unknown): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value))));
}

/**
 * A link that installs the server in a client, or null where the client has none. It contains a placeholder for the key, never a key:
 * links end up in histories and logs.
 */
export function writeDeepLink(client: ConnectClient, target: SnippetTarget): string | null {
  const { url } = target;
  const name = clientName(target.path);
  if (client === 'vscode')
    return `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name, ...vscodeServer(target), inputs: [vscodeInput] }))}`;
  const install = (scheme: string, placeholder: string) => {
    const config = toBase64({ url, headers: authorization(null, placeholder) });
    return `${scheme}?name=${encodeURIComponent(name)}&config=${encodeURIComponent(config)}`;
  };
  if (client === 'cursor') return install('cursor://anysphere.cursor-deeplink/mcp/install', '${env:MCPGW_KEY}');
  return client === 'lm-studio' ? install('lmstudio://add_mcp', YOUR_KEY) : null;
}
