/** The value of a header; several values as one list, which is not a valid host or scheme. */
function valueOf(found: string | string[] | undefined): string | undefined {
  return found === undefined || typeof found === 'string' ? found : found.join(', ');
}

/** Applies the host and scheme that a trusted proxy reports. Reads headers by their exact names: NGINX's variables treat `_` as `-`. */
export function readForwarded(): void {
  const v = ngx.var;
  if (v.mcpgw_is_proxied !== '1') return;
  const headers = ngx.req.get_headers(0);
  const host = valueOf(headers['x-forwarded-host']);
  if (host !== undefined && host !== '') v.mcpgw_asked_host = host;
  const scheme = valueOf(headers['x-forwarded-proto']);
  if (scheme === 'http' || scheme === 'https') v.mcpgw_scheme = scheme;
}
