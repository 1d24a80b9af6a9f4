/**
 * The path of the meta endpoint (docs/meta.md): every agent may connect, because what it calls there is judged as a call of its own, made with
 * the agent's key. No server can be registered there.
 */
export const META_PATH = 'mcp';

/** What stands for its server id in access files, configuration and the bridge. Registered servers have longer ids. */
export const META_SERVER_ID = 'meta';
