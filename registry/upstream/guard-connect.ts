import type { Socket } from 'node:net';
import { buildConnector } from 'undici';
import type { ServerTlsInput } from '../contract/index.ts';
import { resolveAllowed, type UpstreamGuard } from './upstream-guard.ts';

export interface GuardConnectOptions {
  guard: UpstreamGuard;
  connectMs: number;
  /** PEM certificates that are trusted; undefined: those of Node. */
  ca?: string | undefined;
  /** CA and client certificate of one server. */
  tls?: ServerTlsInput | undefined;
}

/** The CA that a connection trusts, and the client certificate that it presents. */
export function trust({ ca, tls }: Pick<GuardConnectOptions, 'ca' | 'tls'>): {
  ca?: string;
  cert?: string;
  key?: string;
} {
  const trusted = tls?.ca ?? ca;
  const own = tls?.certificate && tls.key ? { cert: tls.certificate, key: tls.key } : {};
  return { ...(trusted === undefined ? {} : { ca: trusted }), ...own };
}

/** A connector of undici that connects only to addresses that the guard allowed, at exactly the address that it checked. */
export function guardConnect(options: GuardConnectOptions): buildConnector.connector {
  const { guard, connectMs } = options;
  const connect = buildConnector({ timeout: connectMs, allowH2: false, ...trust(options) });
  return (target, callback) => {
    const socketPath = guard.socketOf?.(target.hostname) ?? null;
    if (socketPath !== null) {
      buildConnector({ timeout: connectMs, allowH2: false, socketPath })(target, callback);
      return;
    }
    const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
    resolveAllowed(guard, target.hostname, port).then(
      (address) => {
        // The name stays for SNI and the certificate; only the address is fixed.
        connect({ ...target, hostname: address, servername: target.servername ?? '' }, callback);
      },
      (error: unknown) => {
        (callback as (error: Error, socket: Socket | null) => void)(error as Error, null);
      },
    );
  };
}
