import packageJson from '../../package.json' with { type: 'json' };

/** The version of mcpgw: shown by the API, the UI and to MCP peers. */
export const VERSION: string = packageJson.version;

/**
 * How checks identify themselves to MCP servers: `Implementation` of the MCP schema, and User-Agent as clients in Node send it. Nothing in them
 * distinguishes a check from an agent: otherwise a server could list other tools to it.
 */
export const CLIENT_INFO = { name: 'mcp-client', version: '1.0.0' };
export const USER_AGENT = 'node';
