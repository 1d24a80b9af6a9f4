import packageJson from '../package.json' with { type: 'json' };

/** The version of mcpgw: shown by the API, the UI and to MCP peers. */
export const VERSION: string = packageJson.version;
