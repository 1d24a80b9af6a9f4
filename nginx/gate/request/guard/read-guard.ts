const MOST = 256;
let known: Record<string, string> = {};
let count = 0;

/** What NGINX's maps say of this request's Host and Origin. They are regular expressions, so each pair is looked up once. */
export function readGuard(): string {
  const v = ngx.var;
  const origin = v.http_origin;
  const pair = origin === undefined ? (v.mcpgw_asked_host ?? '') : `${v.mcpgw_asked_host ?? ''}\n${origin}`;
  const before = known[pair];
  if (before !== undefined) return before;
  const found = v.mcpgw_guard ?? 'host';
  if (count >= MOST) {
    known = {};
    count = 0;
  }
  known[pair] = found;
  count += 1;
  return found;
}
