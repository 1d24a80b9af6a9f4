/** The part of njs's request object that the gate uses (nginx.org/en/docs/njs/reference.html#http); the same in 0.7.9 and 0.8.9. */
export interface GateRequest {
  readonly method: string;
  readonly requestBuffer: Buffer | undefined;
  /** In njs 0.7.9 a byte string: bytes beyond ASCII are neither checked nor decoded. */
  readonly requestText: string | undefined;
  /** NGINX variables by name; reading a header that is absent gives undefined, and so does a variable of ours that is not set. */
  readonly variables: Record<string, string | undefined>;
  readonly headersOut: Record<string, string | undefined>;
  return(status: number, body: string): void;
  internalRedirect(uri: string): void;
  error(message: string): void;
  /** Body filter only: passes data on. */
  sendBuffer(data: string | Buffer, options: { last: boolean; flush?: boolean }): void;
  /** Body filter only: what follows is passed on without asking the filter. */
  done(): void;
}

/** What of the rendering the gate must know; `render` writes it in front of the bundle. */
export interface GateSettings {
  /** Folder of the access files, with a slash at the end; where it is relative, below the folder that NGINX was started in. */
  accessDir: string;
  /** Of the access files that this gate reads; for the registry, which does not go back to a gate that reads others. */
  accessVersion: number;
}

declare global {
  const GATE_SETTINGS: GateSettings;
}
