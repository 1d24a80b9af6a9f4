import { readForwarded } from '../request/guard/read-forwarded.ts';
import { records } from './records.ts';

const MISDIRECTED = 421;

/**
 * Rewrite phase of the registry's locations: refuses hosts that are not served (DNS rebinding), and closes connections after their reply while
 * NGINX is drained. One function for both, since to NGINX each `if` in the configuration is a location, which takes time to load.
 */
export function admitToRegistry(): void {
  readForwarded();
  if (ngx.var.mcpgw_is_host === '0') ngx.exit(MISDIRECTED);
  records.refresh();
  const gate = records.gate();
  if (gate.ok && gate.drain) ngx.exec('@registry_draining');
}
