import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SESSION } from './plain-nginx.ts';

/** How far a shortened gate goes before it sends the call on; each goes on where the one before ended. */
export const STEPS = [
  ['configuration', 'our configuration without njs: headers, maps, log, `proxy_pass` at once'],
  ['module', '+ njs is entered with a module of two functions, and redirects'],
  ['engine', '+ the module is the whole gate, whose functions njs makes anew for each request'],
  ['path', '+ Host and Origin, path, map of paths, gate.json'],
  ['key', '+ SHA-256, key file, agent file'],
  ['grant', '+ grants, server file, its state'],
  ['body', '+ body read and judged'],
  ['whole', '+ session tag, choice of the instance'],
] as const;
export type Step = (typeof STEPS)[number][0];

const SEND = "v.mcpgw_verdict = 'allowed'; v.mcpgw_instance = 'a'; r.internalRedirect('/_up/s0/a/mcp');";
/** What stands before SEND; the functions are those of the bundle, so a renamed one fails at the first call. */
const PARTS: Record<Exclude<Step, 'whole'>, string> = {
  configuration: '',
  module: '',
  engine: '',
  path: `const gate = readGate(r); if (guard(v.mcpgw_guard ?? '') !== null) { r.return(403); return; }
    const route = parseRoute(v.request_uri ?? ''); v.mcpgw_path = route.path; const place = v.mcpgw_published ?? '';`,
  key: "const caller = identify(r, Date.now()); if ('answer' in caller) { r.return(401); return; } v.mcpgw_agent = caller.name;",
  grant: `const granted = grantedTools(caller.agent.grants, route.path); const server = readServer(r, serverIdOf(place));
    if (checkServer(gate, server, place) !== null) { r.return(503); return; }`,
  body: `const call = { r: r, route: route, published: place, server: server, agent: caller.name, granted: granted, key: caller.key,
    era: detectEra(v.http_mcp_protocol_version, undefined), id: null }; if (!admitBody(call)) { return; }`,
};

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
  const names = STEPS.map(([name]) => name);
  const parts = names.slice(0, names.indexOf(step) + 1).map((name) => (name === 'whole' ? '' : PARTS[name]));
  const text = readFileSync(file, 'utf8');
  if (step === 'module') {
    const others = [...text.matchAll(/^ {2}(\w+)(?:: \w+)?,?$/gm)]
      .map(([, name]) => name)
      .filter((name) => name !== 'decide');
    const rest = others.map((name) => `${name}: no`).join(', ');
    const decide = `function decide(r) { const v = r.variables; ${SEND} }\nfunction no() { return ''; }`;
    writeFileSync(file, `${decide}\nexport default { decide: decide, ${rest} };\n`);
    return;
  }
  const last = /\nexport default (\w+);\n$/.exec(text);
  if (last === null) throw new Error('the gate does not end as it did');
  const short = `\n${last[1]}.decide = function (r) { const v = r.variables; ${parts.join('\n')} ${SEND} };`;
  writeFileSync(file, text.replace(/ \?\? /g, ' ?? ').replace(last[0], `${short}${last[0]}`));
}
