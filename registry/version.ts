import packageJson from '../package.json' with { type: 'json' };

/** The version of mcpgw: what the API, the UI and MCP peers are told. */
export const VERSION: string = packageJson.version;
