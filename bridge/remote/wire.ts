import type { McpFile } from '@mcpgw/registry/contract';
import type { Agent } from 'undici';
import type { BridgeError } from '../bridge-error.ts';
import type { Message } from '../connection/message.ts';
import type { Child, StartOptions } from '../servers/child.ts';
import type { Upstream } from '../upstream/create-upstream.ts';

/** A connection to a server elsewhere, for the messages of one child. */
export interface Wire {
  /** False: the server does not read what is sent to it. */
  send: (message: Message) => boolean;
  /** Ends it, and the session of the server. */
  close: () => Promise<void>;
}

/** What a wire brings. */
export interface WireEvents {
  receive: (message: Message) => void;
  /** It ended by itself; called once at most, and nothing is received after it. */
  lost: (error: BridgeError) => void;
  /** Text that is no message of MCP. */
  noise: (text: string) => void;
}

/** A way to speak with a server. */
export interface Way {
  /** Throws BridgeError; `broken_reply` says that another way may be the right one. */
  start: (options: RemoteOptions) => Promise<Child>;
  /** What it fails with says little of the server. */
  isGuess?: boolean;
}

/** A server, and how it is reached. */
export interface Target {
  file: McpFile;
  upstream: Upstream;
  /** Connections by HTTP. */
  agent: Agent;
  /** The way that it understood. */
  found?: Way | undefined;
}

/** How a connection for one client, or for those of a key, is started. */
export interface RemoteOptions extends StartOptions {
  target: Target;
  /** For the handshake. */
  timeoutMs: number;
}

/** A message of a server that is longer ends the connection. */
export const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** What a server may have been sent and not read yet. */
export const MAX_UNREAD_BYTES = 32 * 1024 * 1024;
