const METHODS = 'GET, POST, DELETE, OPTIONS';
const MAX_CHARACTERS = 4000;
/** RFC 9110 tokens, comma and space. */
const ALLOWED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+.^_`|~, -";

/** Whether a text can be repeated as a list of header names. */
export function isNameList(text: string): boolean {
  if (text === '' || text.length > MAX_CHARACTERS) return false;
  for (let i = 0; i < text.length; i += 1) if (!ALLOWED.includes(text.charAt(i))) return false;
  return true;
}

/** Answers an OPTIONS request with what a page of an allowed origin may send (Fetch §3.2). The rest of CORS is in nginx.conf. */
export function answerPreflight(): void {
  const v = ngx.var;
  const header = ngx.header;
  v.mcpgw_verdict = 'allowed';
  v.mcpgw_reason = 'preflight';
  header.Allow = METHODS;
  if (v.http_origin !== undefined) {
    header['Access-Control-Allow-Methods'] = METHODS;
    const requested = v.http_access_control_request_headers;
    // Mcp-Param-* headers can have any name, so every requested header is allowed.
    if (requested !== undefined && isNameList(requested)) header['Access-Control-Allow-Headers'] = requested;
    header['Access-Control-Max-Age'] = '7200';
  }
  ngx.status = 204;
  ngx.req.discard_body();
  ngx.print('');
}
