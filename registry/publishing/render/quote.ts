/**
 * What may appear where in nginx.conf. Each rule says all that is allowed; everything else is rejected, never escaped: escaping has been
 * got wrong by every generator of NGINX configurations (CVE-2021-25742, CVE-2025-1097 and their kin).
 */
const ALLOWED = {
  /** Decimal number. */
  number: /^(0|[1-9][0-9]{0,15})$/,
  /** Id of a server or instance, as the registry creates them. */
  id: /^[A-Za-z0-9_-]{1,64}$/,
  /** Path of a server, without slashes around it. */
  path: /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(\/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*$/,
  /** Absolute file name. No "$": NGINX puts variables in; no "*", "?" or "[": it would look for files. */
  file: /^\/[A-Za-z0-9 ._/@%+=:,~-]{1,1000}$/,
  /** IPv4 literal, or IPv6 literal in brackets, with a port. */
  address: /^([0-9]{1,3}(\.[0-9]{1,3}){3}|\[[0-9A-Fa-f:.]{2,45}\]):[0-9]{1,5}$/,
  /** IP address or network. */
  network: /^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]{2,45})(\/[0-9]{1,3})?$/,
  /** Name in the gateway's own certificate. */
  certName: /^(\*\.)?[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9])?$/,
  /** Host of the registry: as an address, or a name, with a port. */
  registry: /^([A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]):[0-9]{1,5}$/,
  /** What a Host header says: name or literal, with or without a port. */
  host: /^([A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9.])?|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?$/,
  /** Name for SNI and the certificate, or an address literal without brackets. */
  tlsName: /^([A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9.])?|[0-9A-Fa-f:.]{2,45})$/,
  /** Path of an endpoint on a backend: RFC 3986 `pchar` and "/", but for the quotes, ";" and "$" that NGINX reads. */
  uri: /^\/[A-Za-z0-9._~!&()*+,=:@/%-]{0,2000}$/,
  /** Name of a credential header (RFC 9110 token without "$", "'" and "`"). */
  header: /^[A-Za-z0-9!#%&*+.^_|~-]{1,64}$/,
  /** Name of one of our variables. */
  variable: /^[a-z][a-z0-9_]{0,300}$/,
  /** Name of a host as a regular expression: its dots are escaped. */
  pattern: /^[a-z0-9_]([a-z0-9_-]|\\\.)*$/,
  /** Words of the gateway's own table of URLs as a regular expression: their dots are escaped, a bar is between two. */
  words: /^([a-z0-9_|-]|\\\.)+$/,
  /** Origin of a page. */
  origin: /^https?:\/\/([a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?$/,
  /** One of our own error bodies; the only kind that is between single quotes. */
  json: /^\{[A-Za-z0-9 ,.:;{}"<>/_()[\]-]+\}$/,
  /** Members of a line of our own log that are empty; between single quotes, too. */
  note: /^"[a-z]+":(null|\[\])(,"[a-z]+":(null|\[\]))*$/,
  /** A piece of our own log format; it is between single quotes too, and its variables are intended. */
  logPart: /^[A-Za-z0-9_,:"{}$]+$/,
  /** A word of the gateway's own table of URLs, or of our own log. */
  word: /^[A-Za-z0-9._-]{1,40}$/,
} as const;
export type Kind = keyof typeof ALLOWED;

/** A value that does not belong into nginx.conf. `serverId` says whose it is, where it is a server's. */
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
 * Returns `value` as text for nginx.conf when all of it is allowed for its kind (see `ALLOWED`); throws UnfitValueError otherwise. It stands
 * between double quotes there, which none of the kinds can contain, nor a "$", a line break or anything beyond ASCII (`json` and `logPart` stand
 * between single quotes, which they cannot contain).
 */
export function quote(kind: Kind, value: string | number): string {
  const text = String(value);
  const rule = ALLOWED[kind] as RegExp | undefined;
  if (rule === undefined) throw new UnfitValueError(`nothing is known of values of the kind ${JSON.stringify(kind)}`);
  if (rule.test(text)) return text;
  const shown = JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
  throw new UnfitValueError(`${shown} cannot stand in nginx.conf as ${kind}`);
}
