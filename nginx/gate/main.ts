import { quote } from 'platform/text';

/** Decides about every request under a server's path. */
export function decide(): void {
  ngx.print(quote('not built yet'));
}
