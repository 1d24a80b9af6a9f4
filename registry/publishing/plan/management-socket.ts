/** Name of the socket in the run folder that the management server listens on. */
export const MANAGEMENT_SOCKET = 'mcpgw-server.sock';
