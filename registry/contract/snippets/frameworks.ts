import { byName, clientName, isSse, mcpRemote, pretty, type SnippetTarget, type WriteSnippet } from './target.ts';

// Libraries of TypeScript and JavaScript. Sources: the documentation of each on MCP.

const secret = (key: string | null): string => (key === null ? 'process.env.MCPGW_KEY' : JSON.stringify(key));
const headers = 'const headers = { Authorization: `Bearer ${key}` };';
const withKey = (key: string | null): string => `const key = ${secret(key)};\n${headers}`;
const url = (target: SnippetTarget): string => JSON.stringify(target.url);

/** A program opens one session per server, so each gets its own block of statements. */
const eachTarget = (targets: readonly SnippetTarget[], write: (target: SnippetTarget) => string): string =>
  targets.length === 1
    ? targets.map(write).join('\n')
    : targets
        .map((target) => `{\n  // ${clientName(target.path)}\n${write(target).replaceAll(/^(?=.)/gm, '  ')}\n}`)
        .join('\n');

export const typescript: WriteSnippet = (targets, key) => {
  const classes = [
    ...new Set(targets.map((target) => (isSse(target) ? 'SSEClientTransport' : 'StreamableHTTPClientTransport'))),
  ];
  return `import { Client, ${classes.join(', ')} } from '@modelcontextprotocol/client';

${withKey(key)}
${eachTarget(targets, (target) => {
  const transport = isSse(target) ? 'SSEClientTransport' : 'StreamableHTTPClientTransport';
  const options = isSse(target) ? '' : ", { versionNegotiation: { mode: 'auto' } }";
  return `const client = new Client({ name: 'my-agent', version: '1.0.0' }${options});
await client.connect(new ${transport}(new URL(${url(target)}), { requestInit: { headers } }));
console.log(await client.listTools());
await client.close();`;
})}`;
};

export const aiSdk: WriteSnippet = (targets, key) => `import { createMCPClient } from '@ai-sdk/mcp';

${withKey(key)}
${eachTarget(
  targets,
  (target) => `const client = await createMCPClient({
  transport: { type: '${isSse(target) ? 'sse' : 'http'}', url: ${url(target)}, headers },
});
console.log(Object.keys(await client.tools())); // pass them to generateText({ tools })
await client.close();`,
)}`;

/** The members of an object literal in which one value is a variable of the program. */
const members = (targets: readonly SnippetTarget[], write: (target: SnippetTarget) => object): string =>
  pretty(byName(targets, write))
    .replaceAll('"HEADERS"', 'headers')
    .replaceAll('"AUTHORIZATION"', 'headers.Authorization')
    .replaceAll(/"new URL\((.*?)\)"/g, "new URL('$1')");

export const langchain: WriteSnippet = (
  targets,
  key,
) => `import { MultiServerMCPClient } from '@langchain/mcp-adapters';

${withKey(key)}
const client = new MultiServerMCPClient({
  mcpServers: ${members(targets, (target) => ({ transport: isSse(target) ? 'sse' : 'http', url: target.url, headers: 'HEADERS' })).replaceAll('\n', '\n  ')},
});
console.log((await client.getTools()).map(({ name }) => name)); // pass them to createAgent({ tools })
await client.close();`;

export const openaiAgents: WriteSnippet = (targets, key) => {
  const classes = [...new Set(targets.map((target) => (isSse(target) ? 'MCPServerSSE' : 'MCPServerStreamableHttp')))];
  return `import { ${classes.join(', ')} } from '@openai/agents';

${withKey(key)}
${eachTarget(
  targets,
  (target) => `const server = new ${isSse(target) ? 'MCPServerSSE' : 'MCPServerStreamableHttp'}({
  name: ${JSON.stringify(clientName(target.path))},
  url: ${url(target)},
  requestInit: { headers },
});
await server.connect();
console.log((await server.listTools()).map(({ name }) => name)); // pass it to new Agent({ mcpServers: [server] })
await server.close();`,
)}`;
};

/** Mastra speaks Streamable HTTP only, so SSE uses mcp-remote. */
const mastraServer = (target: SnippetTarget): object =>
  isSse(target)
    ? { ...mcpRemote(target, null), env: { AUTH: 'AUTHORIZATION' } }
    : { url: `new URL(${target.url})`, requestInit: { headers: 'HEADERS' } };

export const mastra: WriteSnippet = (targets, key) => `import { MCPClient } from '@mastra/mcp';

${withKey(key)}
const client = new MCPClient({
  servers: ${members(targets, mastraServer).replaceAll('\n', '\n  ')},
});
console.log(Object.keys(await client.listTools())); // pass them to new Agent({ tools })
await client.disconnect();`;
