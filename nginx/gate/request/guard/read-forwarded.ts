/** The value of a header; several as one list, which is the name of no host and no scheme. */
function valueOf(found: string | string[] | undefined): string | undefined {
  return found === undefined || typeof found === 'string' ? found : found.join(', ');
}

/** Takes over which host and scheme a trusted proxy says that a request was for. Headers by their exact names: NGINX's variables take `_` for `-`. */
export function readForwarded(): void {
  const v = ngx.var;
  if (v.mcpgw_is_proxied !== '1') return;
  const headers = ngx.req.get_headers(0);
  const host = valueOf(headers['x-forwarded-host']);
  if (host !== undefined && host !== '') v.mcpgw_asked_host = host;
  const scheme = valueOf(headers['x-forwarded-proto']);
  if (scheme === 'http' || scheme === 'https') v.mcpgw_scheme = scheme;
}
