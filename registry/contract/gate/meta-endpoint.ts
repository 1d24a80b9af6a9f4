/**
 * The path of the meta endpoint (docs/meta.md): every agent may connect, because each call made there is authorized separately,
 * with the agent's key. No server can be registered there.
 */
export const META_PATH = 'mcp';

/** Its server id in access files, configuration and the bridge. Registered servers have longer ids. */
export const META_SERVER_ID = 'meta';
