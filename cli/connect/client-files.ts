import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ConnectClient } from '@mcpgw/registry/contract';

export type Scope = 'user' | 'project';
export type Format = 'json' | 'toml' | 'yaml';
export interface ClientFile {
  client: ConnectClient;
  title: string;
  format: Format;
  /** Which snippet is written; that of the client unless it is a command. */
  snippet: ConnectClient;
  /** Files that the client reads; the first is written unless `--scope` names another. */
  files: readonly (readonly [Scope, string])[];
  /** What the user has to do after writing. */
  then: string;
}

interface Place {
  home: string;
  platform: NodeJS.Platform;
  /** Configuration folder of the XDG base directory specification, or its equivalent on the platform. */
  appData: string;
}

function placeOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Place {
  const home = env['HOME'] ?? homedir();
  const linux = env['XDG_CONFIG_HOME']?.startsWith('/') === true ? env['XDG_CONFIG_HOME'] : join(home, '.config');
  const appData =
    platform === 'darwin'
      ? join(home, 'Library/Application Support')
      : platform === 'win32'
        ? (env['APPDATA'] ?? join(home, 'AppData/Roaming'))
        : linux;
  return { home, platform, appData };
}

const RESTART = 'Restart it, so that it reads the file.';
const EXPORT = 'It reads the key from MCPGW_KEY: export it in the shell that starts it.';

/** The clients whose file can be written, with the files that each reads (from its documentation of MCP servers). */
export function listClientFiles(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): ClientFile[] {
  const { home, appData } = placeOf(env, platform);
  const at = (...parts: string[]) => join(home, ...parts);
  const json = { format: 'json' as const };
  const cline = 'Code/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json';
  return [
    {
      client: 'claude-code',
      title: 'Claude Code',
      ...json,
      snippet: 'json',
      files: [
        ['project', '.mcp.json'],
        ['user', at('.claude.json')],
      ],
      then: EXPORT,
    },
    {
      client: 'claude-desktop',
      title: 'Claude Desktop',
      ...json,
      snippet: 'claude-desktop',
      files: [['user', join(appData, 'Claude/claude_desktop_config.json')]],
      then: RESTART,
    },
    {
      client: 'vscode',
      title: 'VS Code',
      ...json,
      snippet: 'vscode',
      files: [
        ['project', '.vscode/mcp.json'],
        ['user', join(appData, 'Code/User/mcp.json')],
      ],
      then: 'It asks for the key once.',
    },
    {
      client: 'cursor',
      title: 'Cursor',
      ...json,
      snippet: 'cursor',
      files: [
        ['project', '.cursor/mcp.json'],
        ['user', at('.cursor/mcp.json')],
      ],
      then: EXPORT,
    },
    {
      client: 'windsurf',
      title: 'Windsurf',
      ...json,
      snippet: 'windsurf',
      files: [['user', at('.codeium/windsurf/mcp_config.json')]],
      then: EXPORT,
    },
    {
      client: 'codex',
      title: 'Codex',
      format: 'toml',
      snippet: 'codex',
      files: [
        ['user', at('.codex/config.toml')],
        ['project', '.codex/config.toml'],
      ],
      then: EXPORT,
    },
    {
      client: 'gemini-cli',
      title: 'Gemini CLI',
      ...json,
      snippet: 'gemini-cli',
      files: [
        ['user', at('.gemini/settings.json')],
        ['project', '.gemini/settings.json'],
      ],
      then: EXPORT,
    },
    {
      client: 'qwen-code',
      title: 'Qwen Code',
      ...json,
      snippet: 'qwen-code',
      files: [
        ['user', at('.qwen/settings.json')],
        ['project', '.qwen/settings.json'],
      ],
      then: EXPORT,
    },
    {
      client: 'copilot-cli',
      title: 'Copilot CLI',
      ...json,
      snippet: 'copilot-cli',
      files: [['user', at('.copilot/mcp-config.json')]],
      then: EXPORT,
    },
    {
      client: 'opencode',
      title: 'opencode',
      ...json,
      snippet: 'opencode',
      files: [
        ['project', 'opencode.json'],
        ['user', at('.config/opencode/opencode.json')],
      ],
      then: EXPORT,
    },
    {
      client: 'cline',
      title: 'Cline',
      ...json,
      snippet: 'cline',
      files: [['user', join(appData, cline)]],
      then: RESTART,
    },
    {
      client: 'zed',
      title: 'Zed',
      ...json,
      snippet: 'zed',
      files: [['user', at('.config/zed/settings.json')]],
      then: RESTART,
    },
    {
      client: 'continue',
      title: 'Continue',
      format: 'yaml',
      snippet: 'continue',
      files: [
        ['project', '.continue/mcpServers/mcpgw.yaml'],
        ['user', at('.continue/mcpServers/mcpgw.yaml')],
      ],
      then: 'Add MCPGW_KEY to its secrets.',
    },
    {
      client: 'lm-studio',
      title: 'LM Studio',
      ...json,
      snippet: 'lm-studio',
      files: [['user', at('.lmstudio/mcp.json')]],
      then: RESTART,
    },
    {
      client: 'mcporter',
      title: 'mcporter',
      ...json,
      snippet: 'mcporter',
      files: [
        ['project', 'config/mcporter.json'],
        ['user', at('.mcporter/mcporter.json')],
      ],
      then: EXPORT,
    },
  ];
}

/** The file of a client in one scope, absolute; null if it has none there. */
export function locateFile({ files }: ClientFile, scope: Scope | undefined, cwd: string): string | null {
  const found = scope === undefined ? files[0] : files.find(([one]) => one === scope);
  return found === undefined ? null : resolve(cwd, found[1]);
}
