import type { Transport } from '../server/transport.ts';

/** The fields of a server that decide who serves it. */
export interface Reached {
  transport: Transport;
  /** The bridge offers it in every protocol version, instead of NGINX in its own. */
  adapt?: boolean | undefined;
}

const BRIDGED: readonly Transport[] = ['stdio', 'virtual', 'openapi', 'websocket'];

/** Whether the bridge serves it: a program that it runs, a server inside it, or one that it adapts. */
export const isBridged = ({ transport: of, adapt = false }: Reached): boolean => adapt || BRIDGED.includes(of);
/** Whether the bridge runs the server as a program. */
export const isProgram = (of: Transport): boolean => of === 'stdio';
/** Whether the bridge adapts a server that is elsewhere. */
export const isAdapted = ({ transport: of, adapt = false }: Reached): boolean =>
  adapt || of === 'openapi' || of === 'websocket';

/** The kind of a server, which never changes. */
export const kindOfServer = (of: Transport): 'url' | Transport => (BRIDGED.includes(of) ? of : 'url');
