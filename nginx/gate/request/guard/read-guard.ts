const MAX_KNOWN = 256;
let known: Record<string, string> = {};
let count = 0;

/** The result of NGINX's maps for this request's Host and Origin. They are regular expressions, so each pair is looked up once. */
export function readGuard(): string {
  const v = ngx.var;
  const origin = v.http_origin;
  const pair = origin === undefined ? (v.mcpgw_asked_host ?? '') : `${v.mcpgw_asked_host ?? ''}\n${origin}`;
  const before = known[pair];
  if (before !== undefined) return before;
  const found = v.mcpgw_guard ?? 'host';
  if (count >= MAX_KNOWN) {
    known = {};
    count = 0;
  }
  known[pair] = found;
  count += 1;
  return found;
}
