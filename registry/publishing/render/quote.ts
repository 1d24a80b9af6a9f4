/**
 * Which text may appear where in nginx.conf. Each rule defines everything that is allowed; anything else is rejected, never escaped: generators
 * of NGINX configurations have repeatedly got escaping wrong (CVE-2021-25742, CVE-2025-1097 and similar).
 */
const ALLOWED = {
  /** Decimal number. */
  number: /^(0|[1-9][0-9]{0,15})$/,
  /** Id of a server or instance, as the registry creates them. */
  id: /^[A-Za-z0-9_-]{1,64}$/,
  /** Path of a server, without leading or trailing slash. */
  path: /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(\/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$/,
  /** Absolute file name. No "$": NGINX expands variables; no "*", "?" or "[": it expands patterns. */
  file: /^\/[A-Za-z0-9 ._/@%+=:,~-]{1,1000}$/,
  /** IPv4 literal, or IPv6 literal in brackets, with a port. */
  address: /^([0-9]{1,3}(\.[0-9]{1,3}){3}|\[[0-9A-Fa-f:.]{2,45}\]):[0-9]{1,5}$/,
  /** IP address or network. */
  network: /^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]{2,45})(\/[0-9]{1,3})?$/,
  /** Name in the gateway's own certificate. */
  certName: /^(\*\.)?[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9])?$/,
  /** Host of the registry: an address or a name, with a port. */
  registry: /^([A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]):[0-9]{1,5}$/,
  /** Value of a Host header: name or literal, with or without a port. */
  host: /^([A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9.])?|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?$/,
  /** Name for SNI and the certificate, or an address literal without brackets. */
  tlsName: /^([A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9.])?|[0-9A-Fa-f:.]{2,45})$/,
  /** Path of an endpoint on a backend: RFC 3986 `pchar` and "/", except for the quotes, ";" and "$", which NGINX interprets. */
  uri: /^\/[A-Za-z0-9._~!&()*+,=:@/%-]{0,2000}$/,
  /** Name of a credential header (RFC 9110 token without "$", "'" and "`"). */
  header: /^[A-Za-z0-9!#%&*+.^_|~-]{1,64}$/,
  /** Name of one of the gateway's variables. */
  variable: /^[a-z][a-z0-9_]{0,300}$/,
  /** Name of a host as a regular expression: its dots are escaped. */
  pattern: /^[a-z0-9_]([a-z0-9_-]|\\\.)*$/,
  /** Words of the gateway's own table of URLs as a regular expression: separated by bars, their dots escaped. */
  words: /^([a-z0-9_|-]|\\\.)+$/,
  /** Origin of a page. */
  origin: /^https?:\/\/([a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?$/,
  /** One of the gateway's error bodies; between single quotes. */
  json: /^\{[A-Za-z0-9 ,.:;{}"<>/_()[\]-]+\}$/,
  /** Empty members of a line of the gateway's log; between single quotes, too. */
  note: /^"[a-z]+":(null|\[\])(,"[a-z]+":(null|\[\]))*$/,
  /** A part of the gateway's log format; between single quotes too, and its variables are intended. */
  logPart: /^[A-Za-z0-9_,:"{}$]+$/,
  /** A word of the gateway's own table of URLs, or of its log. */
  word: /^[A-Za-z0-9._-]{1,40}$/,
} as const;
export type Kind = keyof typeof ALLOWED;

/** A value that is not allowed in nginx.conf. `serverId`: the server that it belongs to, if any. */
export class UnfitValueError extends Error {
  serverId: string | undefined;

  constructor(message: string) {
    super(message);
    this.name = 'UnfitValueError';
  }
}

/** Whether a value may appear in nginx.conf as this kind. */
export function isFit(kind: Kind, value: string): boolean {
  return ALLOWED[kind].test(value);
}

/**
 * Returns `value` as text for nginx.conf if all of it is allowed for its kind (see `ALLOWED`); throws UnfitValueError otherwise. It is placed
 * between double quotes there, which none of the kinds can contain, nor a "$", a line break or anything beyond ASCII (`json` and `logPart` are
 * placed between single quotes, which they cannot contain).
 */
export function quote(kind: Kind, value: string | number): string {
  const text = String(value);
  const rule = ALLOWED[kind] as RegExp | undefined;
  if (rule === undefined) throw new UnfitValueError(`unknown kind of value: ${JSON.stringify(kind)}`);
  if (rule.test(text)) return text;
  const shown = JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
  throw new UnfitValueError(`${shown} is not allowed in nginx.conf as ${kind}`);
}
