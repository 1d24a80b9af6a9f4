import type { Rendering } from '../../../../registry/publishing/plan/route-plan.ts';
import { parseNginx, type Directive } from '../../../support/nginx/parse-nginx.ts';

/** Names of directives, the number of their arguments, the variables in them, and their blocks: everything except plain text. */
function shape(directives: Directive[], isMap: boolean): unknown[] {
  const variables = (text: string) =>
    (text.match(/\$\{?[A-Za-z0-9_]*/g) ?? []).map((one) => one.replace(/^\$mcpgw_header_.*/, '$mcpgw_header'));
  return directives.map(({ name, args, block }) => [
    isMap ? '*' : name,
    ...args.map(variables),
    block === null ? null : shape(block, name === 'map' || name === 'types'),
  ]);
}
/** The shape of every file of a generation. */
export function shapes(files: Rendering): unknown {
  // The gate is Lua and contains no external input.
  const entries = Object.entries(files).filter(([name]) => name.endsWith('.conf') && name !== 'gate.conf');
  const shaped = Object.fromEntries(
    entries.map(([name, text]) => [name, shape(parseNginx(text), name === 'paths.conf')]),
  );
  return { ...shaped, gate: files['gate.conf'] };
}
