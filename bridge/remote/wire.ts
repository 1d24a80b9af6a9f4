import type { McpFile } from '@mcpgw/registry/contract';
import type { Agent } from 'undici';
import type { BridgeError } from '../bridge-error.ts';
import type { Message } from '../connection/message.ts';
import type { Child, StartOptions } from '../servers/child.ts';
import type { Upstream } from '../upstream/create-upstream.ts';

/** A connection to a remote server, for the messages of one child. */
export interface Wire {
  /** False: the server does not read its input. */
  send: (message: Message) => boolean;
  /** Closes it, and ends the session of the server. */
  close: () => Promise<void>;
}

/** Receives the events of a wire. */
export interface WireEvents {
  receive: (message: Message) => void;
  /** It ended by itself; called at most once, and nothing is received afterwards. */
  lost: (error: BridgeError) => void;
  /** Text that is not an MCP message. */
  noise: (text: string) => void;
}

/** A method of connecting to a server: a transport and a protocol version. */
export interface ConnectMethod {
  /** Throws BridgeError; `broken_reply` means that another method may work. */
  start: (options: RemoteOptions) => Promise<Child>;
  /** Its error is not informative about the server. */
  isGuess?: boolean;
}

/** A server, and how it is reached. */
export interface Target {
  file: McpFile;
  upstream: Upstream;
  /** HTTP connections. */
  agent: Agent;
  /** The method that worked last. */
  found?: ConnectMethod | undefined;
}

/** Options for the start of a connection for one client, or for the clients of a key. */
export interface RemoteOptions extends StartOptions {
  target: Target;
  /** For the handshake. */
  timeoutMs: number;
}

/** A longer message of a server ends the connection. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Limit of data that was sent to a server and that it has not read yet. */
export const MAX_UNREAD_BYTES = 32 * 1024 * 1024;
