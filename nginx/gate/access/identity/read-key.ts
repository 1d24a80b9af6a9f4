/**
 * The key of a request: from `Authorization: Bearer …`, else from `X-Api-Key`; undefined without either. An Authorization of another scheme does not
 * override an X-Api-Key. `readApiKey` is called only when its result matters.
 */
export function readKey(
  authorization: string | undefined,
  readApiKey: (this: void) => string | undefined,
): string | undefined {
  if (authorization === undefined) return readApiKey();
  const scheme = authorization.slice(0, 7);
  if (scheme === 'Bearer ' || scheme.toLowerCase() === 'bearer ') {
    const key = authorization.slice(7);
    return key.startsWith(' ') ? key.trim() : key;
  }
  return readApiKey() ?? authorization;
}

/** The X-Api-Key header. NGINX's variable would also read X_Api_Key, which intermediaries do not recognize as a key. */
export function readApiKey(): string | undefined {
  if (ngx.var.http_x_api_key === undefined) return undefined;
  const found = ngx.req.get_headers(0)['x-api-key'];
  return found === undefined || typeof found === 'string' ? found : '';
}
