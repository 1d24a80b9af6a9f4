import { MANAGEMENT_PATH } from '@mcpgw/registry/contract';

/** Whether this is the gateway's own management server, which users cannot disable, edit or remove. */
export const isBuiltIn = ({ path }: { path: string }): boolean => path === MANAGEMENT_PATH;
