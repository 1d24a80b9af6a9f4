/**
 * What NGINX is to serve, as plain data: the output of `planRoutes` and the only input of `render`. Sorted, without times, numbers of
 * generations or secrets, so that equal plans render to equal bytes.
 */
export interface RoutePlan {
  gateway: PlannedGateway;
  /** Every server that is not removed, by path: one that is not routed is included, so that its calls get 503 instead of 404. */
  servers: PlannedServer[];
}

export interface PlannedTls {
  port: number;
  /** The public URL with https, without a trailing slash. */
  url: string;
  /** The first is presented to clients that request a name which no certificate contains. */
  certificates: PlannedCertificate[];
}

export interface PlannedCertificate {
  /** Names that it covers, lower case; may include wildcards such as `*.example.com`. */
  names: string[];
  certFile: string;
  keyFile: string;
}

export interface PlannedGateway {
  port: number;
  /** Addresses with ports that are listened on; absent: the ports on every IPv4 address. */
  listen?: { plain: string[]; tls: string[] };
  /** If set, `port` serves no calls: browsers are redirected to `url`, other clients get an error that names it. */
  tls: PlannedTls | null;
  /** Names that the Host header may contain besides loopback and IP literals. Lower case, no port. */
  hosts: string[];
  /** Origins that browsers may call from besides loopback (`https://chat.example.com`). Lower case. */
  origins: string[];
  maxBodyBytes: number;
  /** Seconds for Strict-Transport-Security, sent over https; absent or 0: none. */
  hstsMaxAgeS?: number;
  /** Folder whose `.well-known/acme-challenge/` is served; absent: none. */
  acmeWebroot?: string;
  /** Addresses and networks whose X-Forwarded-* headers are trusted; absent: none. */
  trustedProxies?: readonly string[];
  /** Seconds that an open stream may continue after a reload. */
  drainTimeoutS: number;
  /** `host:port` of the registry. */
  registry: string;
  accessDir: string;
  logDir: string;
  /** Private (0700) folder of pid file and generation socket. */
  runDir: string;
  workers: number;
  /** Whether the meta endpoint is served; absent: no. */
  hasMeta?: boolean;
  /** Size of the shared dictionary of limits; absent: the default for few agents. */
  countersMb?: number;
  /** Requests that one address may have open at once, streams included. */
  connectionsPerAddress: number;
}

/** Absent fields: as for every server. */
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
  /** Its own files for https; absent: the gateway's CA file, and no client certificate. */
  tls?: PlannedServerTls | undefined;
  /** Empty: disabled or rejected. */
  instances: PlannedInstance[];
}

export interface PlannedInstance {
  id: string;
  mcp: PlannedEndpoint | null;
  sse: PlannedEndpoint | null;
  /** Its URL has a query, which may be a secret: the gate adds it, and NGINX must not log the upstream URL. Absent: unknown. */
  hasQuery?: boolean;
}

export interface PlannedEndpoint {
  scheme: 'http' | 'https';
  /** An IP literal (IPv6 in brackets): the registry resolves names, NGINX never does. */
  address: string;
  port: number;
  /** Value of the Host header with hostMode "upstream": the name as registered, with its port unless it is the scheme's own. */
  host: string;
  /** Name for SNI and certificate verification; null for http. */
  tlsName: string | null;
  /** Path of the endpoint, beginning with "/". Never a query. */
  uri: string;
  /** Absolute path of the unix socket to connect to; then `address` is empty. */
  socket?: string;
}

/** The properties of the installed NGINX and its host that the rendering depends on. */
export interface NginxFacts {
  /** `[1, 22, 1]` */
  version: readonly [number, number, number];
  /** Folder of the dynamic modules, absolute. */
  modulesDir: string;
  /** CA bundle that backends' certificates are verified against. */
  caFile: string;
  /** The same certificates as a folder in which OpenSSL can look them up (c_rehash); absent: Debian's, when `caFile` is Debian's. */
  caDir?: string;
  /** Lua is built in, so that no module is loaded for it (OpenResty); absent: it is not. */
  hasLua?: boolean;
  /** Folders of Lua's own libraries, if outside the search path of NGINX's Lua: files in `share`, compiled ones in `lib`. */
  luaDirs?: { share: string; lib: string };
}

/** Texts by file name. `nginx.conf` is the entry. */
export type Rendering = Record<string, string>;
