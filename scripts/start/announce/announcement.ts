import type { FirstLogin } from './first-login.ts';

interface Facts {
  gatewayUrl: string;
  adminUser: string;
  login: FirstLogin | null;
  onTerminal: boolean;
  /** Path of the demo server for the snippet; null: nothing is registered yet. */
  demoPath: string | null;
  logDir: string;
  /** The certificate of the CA created by `--tls=dev`; null without it. */
  devCaFile: string | null;
}

const EXAMPLE_PATH = 'weather';

/** The entry for an agent's MCP configuration: Claude Code's `.mcp.json`, which Cursor reads too. */
export function renderSnippet(gatewayUrl: string, serverPath: string, key: string): string {
  const server = { type: 'http', url: `${gatewayUrl}/${serverPath}/mcp`, headers: { Authorization: `Bearer ${key}` } };
  return JSON.stringify({ mcpServers: { [serverPath]: server } }, null, 2);
}

function renderPassword({ login, adminUser, onTerminal }: Facts): string[] {
  const password = login?.password ?? null;
  if (login === null || password === null) return [`Sign in      as ${adminUser}`];
  return onTerminal
    ? [`Sign in      as ${adminUser}, password ${password}   (shown only once: store it, or change it in the UI)`]
    : [`Sign in      as ${adminUser}; the password is in ${login.file}`];
}

/** How to trust the certificate of `--tls=dev` in programs and browsers. */
function renderTrust(caFile: string): string[] {
  return [
    '',
    `HTTPS with a certificate for development. To trust its CA, ${caFile}:`,
    `  Node (Claude Code, VS Code …)   export NODE_EXTRA_CA_CERTS=${caFile}`,
    `  curl                            curl --cacert ${caFile} …`,
    `  Debian, Ubuntu                  sudo cp ${caFile} /usr/local/share/ca-certificates/mcpgw-dev.crt && sudo update-ca-certificates`,
    `  macOS                           sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${caFile}`,
    '  Firefox                         Settings, Certificates, Authorities, Import',
    'Its key is in the same folder: trust it on your own machine only.',
  ];
}

/** The text that is printed when the gateway serves, without the final "ready". */
export function renderAnnouncement(facts: Facts): string {
  const { gatewayUrl, login, demoPath, logDir } = facts;
  const lines = [
    `mcpgw serves at ${gatewayUrl}`,
    '',
    `UI and API   ${gatewayUrl}/`,
    ...renderPassword(facts),
    `Logs         ${logDir}`,
  ];
  if (facts.devCaFile !== null) lines.push(...renderTrust(facts.devCaFile));
  const key = login?.key ?? null;
  if (key !== null)
    lines.push(
      `Agent key    ${key}   (agent "first", every server; shown only once)`,
      '',
      demoPath === null
        ? `To connect an agent, register a server in the UI, then put this into the agent's MCP configuration (.mcp.json), with the server's path instead of "${EXAMPLE_PATH}":`
        : `To connect an agent to the server registered at "${demoPath}", put this into its MCP configuration (.mcp.json):`,
      renderSnippet(gatewayUrl, demoPath ?? EXAMPLE_PATH, key),
    );
  return lines.join('\n');
}
