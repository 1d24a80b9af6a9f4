import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SESSION } from './plain-nginx.ts';

/** How far a shortened gate goes before it sends the call on; each goes on where the one before ended. */
export const STEPS = [
  ['configuration', 'our configuration without njs: headers, maps, log, `proxy_pass` at once'],
  ['module', '+ njs is entered with a module of two functions, and redirects'],
  ['engine', '+ the module is the whole gate, as njs makes it for each request'],
  ['calm', '+ stat of gate.json'],
  ['path', '+ path, Host and Origin, map of paths'],
  ['key', '+ SHA-256, key file with what its agent may'],
  ['server', '+ server file'],
  ['body', '+ body read and judged'],
  ['whole', '+ session tag, choice of the instance, notes for the log'],
] as const;
export type Step = (typeof STEPS)[number][0];

const SEND = `v.mcpgw_session = '${SESSION}'; v.mcpgw_verdict = 'allowed'; v.mcpgw_instance = 'a'; r.internalRedirect('/_up/s0/a/mcp');`;
/** The statement of nginx/gate/pass-ordinary.ts before which the shortened gate sends the call on. */
const ENDS: Record<Exclude<Step, 'configuration' | 'module' | 'whole'>, string> = {
  engine: 'const gate = ',
  calm: 'const target = ',
  path: 'const bearer = ',
  key: 'const server = ',
  server: 'const version = ',
  body: 'const tagged = ',
};

function cut(gate: string, end: string): string {
  const at = gate.indexOf(end, gate.indexOf('function pass('));
  if (at < 0) throw new Error(`the gate has no ${JSON.stringify(end)} any more`);
  return `${gate.slice(0, at)}${SEND} return true;\n${gate.slice(at)}`;
}

/** A module of two functions with the names that the configuration asks for. */
function makeModule(gate: string): string {
  const names = [...gate.slice(gate.lastIndexOf('var main_default')).matchAll(/^ {2}(\w+): /gm)].map(
    ([, name]) => name,
  );
  const rest = names.filter((name) => name !== 'decide').map((name) => `${name}: no`);
  const decide = `function decide(r) { const v = r.variables; ${SEND} }\nfunction no() { return ''; }`;
  return `${decide}\nexport default { decide: decide, ${rest.join(', ')} };\n`;
}

/** Puts a gate that stops after `step` into a folder of configuration; NGINX must be reloaded. For measuring alone: it judges less. */
export function shortenGate(confDir: string, step: Step): void {
  if (step === 'whole') return;
  if (step === 'configuration') {
    const conf = join(confDir, 'nginx.conf');
    const bare = 'js_content gate.decide;';
    const text = readFileSync(conf, 'utf8');
    if (!text.includes(bare)) throw new Error('the configuration does not enter the gate as it did');
    const header = `set $mcpgw_host $http_host; set $mcpgw_session ${SESSION};`;
    writeFileSync(conf, text.replace(bare, `${header} rewrite ^ /mcp break; proxy_pass http://s0_a_0;`));
    return;
  }
  const file = join(confDir, 'gate.js');
  const gate = readFileSync(file, 'utf8');
  writeFileSync(file, step === 'module' ? makeModule(gate) : cut(gate, ENDS[step]));
}
