import { MANAGEMENT_PATH } from '@mcpgw/registry/contract';

/** Whether a server is the gateway's own management server, which nobody but the registry switches, points elsewhere or removes. */
export const isBuiltIn = ({ path }: { path: string }): boolean => path === MANAGEMENT_PATH;
