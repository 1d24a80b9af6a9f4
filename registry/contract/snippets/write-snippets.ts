import type { ConnectSnippet } from '../server/connect.ts';
import * as agents from './agents.ts';
import { CONNECT_CLIENTS, type ConnectClient } from './clients.ts';
import { writeDeepLink } from './deep-links.ts';
import * as editors from './editors.ts';
import * as frameworks from './frameworks.ts';
import type { SnippetTarget, WriteSnippet } from './target.ts';
import * as tools from './tools.ts';

interface Writing {
  language: ConnectSnippet['language'];
  file: string | null;
  write: WriteSnippet;
}
const WRITINGS: Record<ConnectClient, Writing> = {
  'claude-code': { language: 'shell', file: null, write: agents.claudeCode },
  codex: { language: 'toml', file: '~/.codex/config.toml', write: agents.codex },
  'codex-add': { language: 'shell', file: null, write: agents.codexAdd },
  'gemini-cli': { language: 'json', file: '~/.gemini/settings.json', write: agents.gemini },
  'qwen-code': { language: 'json', file: '~/.qwen/settings.json', write: agents.gemini },
  'copilot-cli': { language: 'json', file: '~/.copilot/mcp-config.json', write: agents.copilotCli },
  opencode: { language: 'json', file: 'opencode.json', write: agents.opencode },
  cline: { language: 'json', file: 'cline_mcp_settings.json', write: agents.cline },
  vscode: { language: 'json', file: '.vscode/mcp.json', write: editors.vscode },
  cursor: { language: 'json', file: '.cursor/mcp.json', write: editors.cursor },
  windsurf: { language: 'json', file: '~/.codeium/windsurf/mcp_config.json', write: editors.windsurf },
  zed: { language: 'json', file: '~/.config/zed/settings.json', write: editors.zed },
  continue: { language: 'yaml', file: '.continue/mcpServers/mcpgw.yaml', write: editors.continueDev },
  'claude-desktop': { language: 'json', file: 'claude_desktop_config.json', write: editors.claudeDesktop },
  'lm-studio': { language: 'json', file: 'mcp.json', write: editors.lmStudio },
  typescript: { language: 'typescript', file: null, write: frameworks.typescript },
  'ai-sdk': { language: 'typescript', file: null, write: frameworks.aiSdk },
  langchain: { language: 'typescript', file: null, write: frameworks.langchain },
  'openai-agents': { language: 'typescript', file: null, write: frameworks.openaiAgents },
  mastra: { language: 'typescript', file: null, write: frameworks.mastra },
  json: { language: 'json', file: '.mcp.json', write: tools.json },
  'mcp-remote': { language: 'shell', file: null, write: tools.mcpRemoteCommand },
  mcporter: { language: 'json', file: 'config/mcporter.json', write: tools.mcporter },
  inspector: { language: 'shell', file: null, write: tools.inspector },
  curl: { language: 'shell', file: null, write: tools.curl },
};

/**
 * What a person pastes into one client to use servers with one key. Without `key` it contains the client's own placeholder (`MCPGW_KEY` in
 * the environment, or a prompt); with it, the key itself if that client accepts one. A link installs one server only.
 */
export function writeSnippet(
  client: ConnectClient,
  targets: readonly SnippetTarget[],
  key: string | null = null,
): ConnectSnippet {
  const { language, file, write } = WRITINGS[client];
  const title = CONNECT_CLIENTS.find((known) => known.client === client)?.title ?? client;
  const [first, ...more] = targets;
  const link = first === undefined || more.length > 0 ? null : writeDeepLink(client, first);
  return { client, title, language, file, text: write(targets, key), link };
}

/** The snippets of every client, in the order of `CONNECT_CLIENTS`. */
export function writeSnippets(targets: readonly SnippetTarget[], key: string | null = null): ConnectSnippet[] {
  return CONNECT_CLIENTS.map(({ client }) => writeSnippet(client, targets, key));
}
