import {
  authorization,
  byName,
  clientName,
  isSse,
  mcpRemote,
  pretty,
  YOUR_KEY,
  type SnippetTarget,
  type WriteSnippet,
} from './target.ts';

// Editors and desktop apps. Sources: the documentation of each on MCP servers.

/** Claude Desktop only starts local processes, so it connects through mcp-remote. */
export const claudeDesktop: WriteSnippet = (targets, key) =>
  pretty({ mcpServers: byName(targets, (target) => mcpRemote(target, key)) });

export const vscodeInput = { type: 'promptString', id: 'mcpgw-key', description: 'mcpgw key', password: true };
export const vscodeServer = (target: SnippetTarget) => ({
  type: isSse(target) ? 'sse' : 'http',
  url: target.url,
  headers: authorization(null, '${input:mcpgw-key}'),
});

/** VS Code prompts for the key and stores it. */
export const vscode: WriteSnippet = (targets) =>
  pretty({ servers: byName(targets, vscodeServer), inputs: [vscodeInput] });

/** Cursor tries Streamable HTTP, then SSE. */
export const cursor: WriteSnippet = (targets, key) =>
  pretty({
    mcpServers: byName(targets, ({ url }) => ({ url, headers: authorization(key, '${env:MCPGW_KEY}') })),
  });

export const windsurf: WriteSnippet = (targets, key) =>
  pretty({
    mcpServers: byName(targets, ({ url }) => ({ serverUrl: url, headers: authorization(key, '${env:MCPGW_KEY}') })),
  });

/** Zed does not substitute variables in its file, and speaks Streamable HTTP only. */
export const zed: WriteSnippet = (targets, key) =>
  pretty({
    context_servers: byName(targets, (target) =>
      isSse(target) ? mcpRemote(target, key) : { url: target.url, headers: authorization(key, YOUR_KEY) },
    ),
  });

/** LM Studio does not substitute variables in its file. */
export const lmStudio: WriteSnippet = (targets, key) =>
  pretty({ mcpServers: byName(targets, ({ url }) => ({ url, headers: authorization(key, YOUR_KEY) })) });

/** Of the values here only the URL and the key come from outside, and JSON strings are valid in YAML (yaml.org/spec/1.2.2 §1.3). */
export const continueDev: WriteSnippet = (targets, key) => {
  const servers = targets.flatMap((target) => [
    `  - name: ${JSON.stringify(clientName(target.path))}`,
    `    type: ${isSse(target) ? 'sse' : 'streamable-http'}`,
    `    url: ${JSON.stringify(target.url)}`,
    '    requestOptions:',
    '      headers:',
    `        Authorization: ${JSON.stringify(authorization(key, '${{ secrets.MCPGW_KEY }}').Authorization)}`,
  ]);
  return ['name: mcpgw', 'version: 0.0.1', 'schema: v1', 'mcpServers:', ...servers].join('\n');
};
