/**
 * What NGINX shall serve, as plain data: the output of `planRoutes` and the only input of `render`. Sorted, without times, numbers of
 * generations or secrets, so that equal plans render to equal bytes.
 */
export interface RoutePlan {
  gateway: PlannedGateway;
  /** Every server that is not removed, by path: one that is not routed is known all the same, and answered 503 instead of 404. */
  servers: PlannedServer[];
}

export interface PlannedTls {
  port: number;
  /** The public address, `https://…` without a slash at the end. */
  url: string;
  /** The first is shown to clients that ask for a name that is in none. */
  certificates: PlannedCertificate[];
}

export interface PlannedCertificate {
  /** Names that it is for, lower case; `*.example.com` is one. */
  names: string[];
  certFile: string;
  keyFile: string;
}

export interface PlannedGateway {
  port: number;
  /** Addresses with ports that are listened on; absent: the ports on every IPv4 address. */
  listen?: { plain: string[]; tls: string[] };
  /** With it `port` answers no calls: browsers are redirected to `url`, other clients get an error that names it. */
  tls: PlannedTls | null;
  /** Names that the Host header may carry besides loopback and IP literals. Lower case, no port. */
  hosts: string[];
  /** Origins that browsers may call from besides loopback (`https://chat.example.com`). Lower case. */
  origins: string[];
  maxBodyBytes: number;
  /** Seconds for Strict-Transport-Security, sent to who came by https; absent or 0: none. */
  hstsMaxAgeS?: number;
  /** Folder whose `.well-known/acme-challenge/` is served; absent: none. */
  acmeWebroot?: string;
  /** Addresses and networks whose X-Forwarded-* headers count; absent: nobody's. */
  trustedProxies?: readonly string[];
  /** Seconds that a standing stream may live on after a reload. */
  drainTimeoutS: number;
  /** `host:port` of the registry. */
  registry: string;
  accessDir: string;
  logDir: string;
  /** Private (0700) folder of pid file and generation socket. */
  runDir: string;
  workers: number;
  /** Whether the meta endpoint is served; absent: not. */
  hasMeta?: boolean;
  /** Size of the shared dictionary of limits; absent: as for few agents. */
  countersMb?: number;
  /** Requests that one address may have open at once, streams included. */
  connectionsPerAddress: number;
}

/** Absent: as for every server. */
export interface PlannedServerTls {
  caFile?: string;
  /** Client certificate and key. */
  own?: { certFile: string; keyFile: string };
}

export interface PlannedServer {
  id: string;
  path: string;
  hostMode: 'upstream' | 'public';
  timeouts: { connectMs: number; readMs: number; sendMs: number };
  /** Files of its own for https; absent: the gateway's CA file, and no client certificate. */
  tls?: PlannedServerTls | undefined;
  /** Empty: disabled or rejected. */
  instances: PlannedInstance[];
}

export interface PlannedInstance {
  id: string;
  mcp: PlannedEndpoint | null;
  sse: PlannedEndpoint | null;
  /** Its URL carries a query, which may be a secret: the gate adds it, and NGINX must not log the upstream URL. Absent: unknown. */
  hasQuery?: boolean;
}

export interface PlannedEndpoint {
  scheme: 'http' | 'https';
  /** An IP literal (IPv6 in brackets): the registry resolves names, NGINX never does. */
  address: string;
  port: number;
  /** What the Host header says with hostMode "upstream": the name as registered, with its port unless it is the scheme's own. */
  host: string;
  /** Name for SNI and certificate verification; null for http. */
  tlsName: string | null;
  /** Path of the endpoint, beginning with "/". Never a query. */
  uri: string;
  /** Absolute path of the unix socket to connect to; `address` is empty then. */
  socket?: string;
}

/** What of the installed NGINX and its host the rendering depends on. */
export interface NginxFacts {
  /** `[1, 22, 1]` */
  version: readonly [number, number, number];
  /** Folder of the dynamic modules, absolute. */
  modulesDir: string;
  /** CA bundle that backends' certificates are verified against. */
  caFile: string;
  /** The same certificates as a folder that OpenSSL can look them up in (c_rehash); absent: Debian's, when `caFile` is Debian's. */
  caDir?: string;
  /** Lua is built in, so that no module is loaded for it (OpenResty); absent: it is not. */
  hasLua?: boolean;
  /** Where Lua's own libraries are, when not where NGINX's Lua looks: files in `share`, compiled ones in `lib`. */
  luaDirs?: { share: string; lib: string };
}

/** File name → text. `nginx.conf` is the entry. */
export type Rendering = Record<string, string>;
