import {
  authorization,
  byName,
  clientName,
  isSse,
  mcpRemote,
  pretty,
  shellHeader,
  YOUR_KEY,
  type SnippetTarget,
  type WriteSnippet,
} from './target.ts';

// Coding agents of the terminal. Sources: the documentation of each on MCP servers.

export const claudeCode: WriteSnippet = (targets, key) =>
  targets
    .map((target) => {
      const transport = isSse(target) ? 'sse' : 'http';
      return `claude mcp add --transport ${transport} ${clientName(target.path)} ${target.url} \\\n  --header ${shellHeader(key)}`;
    })
    .join('\n');

function codexTable(target: SnippetTarget, key: string | null): string {
  const table = `[mcp_servers.${clientName(target.path)}]`;
  if (!isSse(target)) return `${table}\nurl = ${JSON.stringify(target.url)}\nbearer_token_env_var = "MCPGW_KEY"`;
  // Codex speaks Streamable HTTP only.
  const { command, args, env } = mcpRemote(target, key);
  return `${table}\ncommand = ${JSON.stringify(command)}\nargs = ${JSON.stringify(args)}\nenv = { AUTH = ${JSON.stringify(env.AUTH)} }`;
}

const exportKey = (key: string | null): string =>
  key === null ? '' : `# in the shell that starts Codex:  export MCPGW_KEY='${key}'\n`;

/** Codex refuses a key in its file; it reads it from the environment. */
export const codex: WriteSnippet = (targets, key) => {
  const needsVariable = targets.some((target) => !isSse(target));
  return (needsVariable ? exportKey(key) : '') + targets.map((target) => codexTable(target, key)).join('\n\n');
};

export const codexAdd: WriteSnippet = (targets, key) => {
  const lines = targets.map((target) => {
    const name = clientName(target.path);
    if (!isSse(target)) return `codex mcp add ${name} --url ${target.url} --bearer-token-env-var MCPGW_KEY`;
    const { command, args, env } = mcpRemote(target, key);
    return `codex mcp add ${name} --env 'AUTH=${env.AUTH}' -- ${command} ${args.map((arg) => (arg.includes('$') ? `'${arg}'` : arg)).join(' ')}`;
  });
  return (targets.some((target) => !isSse(target)) ? exportKey(key) : '') + lines.join('\n');
};

const httpUrl = (key: string | null) => (target: SnippetTarget) => ({
  ...(isSse(target) ? { url: target.url } : { httpUrl: target.url }),
  headers: authorization(key, '$MCPGW_KEY'),
});

/** Gemini CLI and its fork Qwen Code call Streamable HTTP `httpUrl` and SSE `url`. */
export const gemini: WriteSnippet = (targets, key) => pretty({ mcpServers: byName(targets, httpUrl(key)) });

export const copilotCli: WriteSnippet = (targets, key) =>
  pretty({
    mcpServers: byName(targets, (target) => ({
      type: isSse(target) ? 'sse' : 'http',
      url: target.url,
      headers: authorization(key, '${MCPGW_KEY}'),
      tools: ['*'],
    })),
  });

/** opencode tries Streamable HTTP, then SSE. Without `oauth: false` it looks for an authorization server first. */
export const opencode: WriteSnippet = (targets, key) =>
  pretty({
    $schema: 'https://opencode.ai/config.json',
    mcp: byName(targets, ({ url }) => ({
      type: 'remote',
      url,
      enabled: true,
      oauth: false,
      headers: authorization(key, '{env:MCPGW_KEY}'),
    })),
  });

/** Cline does not substitute variables in its file. */
export const cline: WriteSnippet = (targets, key) =>
  pretty({
    mcpServers: byName(targets, (target) => ({
      type: isSse(target) ? 'sse' : 'streamableHttp',
      url: target.url,
      headers: authorization(key, YOUR_KEY),
      disabled: false,
    })),
  });
