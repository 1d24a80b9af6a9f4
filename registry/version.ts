import packageJson from '../package.json' with { type: 'json' };

/** The version of mcpgw: shown by the API, the UI and to MCP peers. */
export const VERSION: string = packageJson.version;

/** How mcpgw names itself to MCP servers: `Implementation` of the MCP schema, sent as `clientInfo`. */
export const CLIENT_INFO = { name: 'mcpgw', version: VERSION };
