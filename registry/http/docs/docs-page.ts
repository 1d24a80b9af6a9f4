import { quoteShell } from '../../contract/index.ts';
import { PROBLEM_CODES } from '../framework/problem.ts';

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  description?: string;
  default?: unknown;
}
interface Parameter {
  name: string;
  in: string;
  required: boolean;
  description?: string;
  schema: Schema;
}
interface Content {
  content?: Record<string, { schema?: Schema; example?: unknown }>;
}
interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  'x-role': string;
  parameters?: Parameter[];
  requestBody?: Content;
  responses: Record<string, Content & { description: string }>;
}
interface OpenApi {
  info: { title: string; version: string; description: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}
interface Entry extends Operation {
  method: string;
  path: string;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A type in a few words; named schemas are links. */
function showType(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = escape(schema.$ref.split('/').at(-1) ?? '');
    return `<a href="#schema-${name}">${name}</a>`;
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return choices.map(showType).join(' or ');
  if (schema.enum !== undefined)
    return schema.enum.map((value) => `<code>${escape(JSON.stringify(value))}</code>`).join(' ');
  if (schema.const !== undefined) return `<code>${escape(JSON.stringify(schema.const))}</code>`;
  if (schema.type === 'array') return `list of ${showType(schema.items ?? {})}`;
  return escape([schema.type ?? 'anything'].flat().join(' or '));
}

function showDefault(schema: Schema): string {
  return schema.default === undefined ? '' : ` Default: <code>${escape(JSON.stringify(schema.default))}</code>.`;
}

function showTable(
  caption: string,
  rows: { name: string; required: boolean; schema: Schema; description?: string | undefined }[],
): string {
  if (rows.length === 0) return '';
  const lines = rows.map(
    ({ name, required, schema, description }) =>
      `<tr><td><code>${escape(name)}</code>${required ? ' *' : ''}</td><td>${showType(schema)}</td><td>${escape(description ?? schema.description ?? '')}${showDefault(schema)}</td></tr>`,
  );
  return `<table><caption>${escape(caption)}</caption><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>${lines.join('')}</tbody></table>`;
}

function showFields(caption: string, schema: Schema): string {
  if (schema.properties === undefined) return `<p>${escape(caption)}: ${showType(schema)}</p>`;
  const required = new Set(schema.required ?? []);
  return showTable(
    `${caption} (* = required)`,
    Object.entries(schema.properties).map(([name, field]) => ({ name, required: required.has(name), schema: field })),
  );
}

function showCurl({ method, path, requestBody, ...rest }: Entry): string {
  const [type, body] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const lines = [
    `curl -sS${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} "$GATEWAY${path.replaceAll(/\{(\w+)\}/g, '<$1>')}"`,
  ];
  if (rest['x-role'] !== 'public') lines.push('-H "Authorization: Bearer $MCPGW_KEY"');
  if (type !== undefined && body?.example !== undefined)
    lines.push(`-H "Content-Type: ${type}"`, `-d ${quoteShell(JSON.stringify(body.example))}`);
  return `<pre><code>${escape(lines.join(' \\\n  '))}</code></pre>`;
}

function showRole(role: string): string {
  if (role === 'public') return 'anybody';
  return role === 'optional' ? 'anybody; more with a role' : `role ${role}`;
}

function showResponses({ responses }: Entry): string {
  const rows = Object.entries(responses).map(([status, { description, content }]) => {
    const schema = Object.values(content ?? {})[0]?.schema;
    return `<tr><td><code>${escape(status)}</code></td><td>${escape(description)}</td><td>${schema === undefined ? '' : showType(schema)}</td></tr>`;
  });
  return `<table><caption>Responses</caption><thead><tr><th scope="col">Status</th><th scope="col">When</th><th scope="col">Body</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function showEntry(entry: Entry): string {
  const body = Object.values(entry.requestBody?.content ?? {})[0]?.schema;
  return [
    `<section id="${escape(entry.operationId)}"><h3><span class="method">${entry.method.toUpperCase()}</span> <code>${escape(entry.path)}</code></h3>`,
    `<p><strong>${escape(entry.summary)}</strong> <span class="role">(${escape(showRole(entry['x-role']))})</span></p>`,
    entry.description === undefined ? '' : `<p>${escape(entry.description)}</p>`,
    showCurl(entry),
    showTable(
      'Parameters (* = required)',
      (entry.parameters ?? []).map(({ in: where, ...rest }) => ({ ...rest, name: `${rest.name} (${where})` })),
    ),
    body === undefined ? '' : showFields('Body', body),
    showResponses(entry),
    '</section>',
  ].join('\n');
}

/** The document as one page to read and to search with the browser: no scripts, no inline styles (the CSP allows neither). */
export function renderDocs(document: object): string {
  const { info, tags, paths, components } = document as OpenApi;
  const entries = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): Entry => ({ ...operation, method, path })),
  );
  const link = ({ operationId, method, path, summary }: Entry) =>
    `<li><a href="#${escape(operationId)}">${method.toUpperCase()} ${escape(path)}</a><br>${escape(summary)}</li>`;
  const sections = tags.map(({ name }) => ({ name, entries: entries.filter((entry) => entry.tags.includes(name)) }));
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(info.title)} API</title><link rel="stylesheet" href="docs/style.css"></head>
<body>
<h1>${escape(info.title)} API <small>${escape(info.version)}</small></h1>
<p>${escape(info.description)} The same as a machine-readable document: <a href="openapi.json">openapi.json</a>.</p>
<pre><code>GATEWAY=http://localhost:8080
MCPGW_KEY=mgw_…   # of an agent with a role: POST /api/agents, POST /api/agents/&lt;name&gt;/keys</code></pre>
<nav aria-label="Endpoints">${sections.map((section) => `<h2>${escape(section.name)}</h2><ul>${section.entries.map(link).join('')}</ul>`).join('\n')}</nav>
<main>
${sections.map((section) => `<h2>${escape(section.name)}</h2>\n${section.entries.map(showEntry).join('\n')}`).join('\n')}
<h2>Problems</h2>
${PROBLEM_CODES.map(({ code, status, title }) => `<p id="problem-${code}"><code>${code}</code> ${status} — ${escape(title)}</p>`).join('\n')}
<h2>Schemas</h2>
${Object.entries(components.schemas)
  .map(
    ([name, schema]) =>
      `<section id="schema-${escape(name)}"><h3>${escape(name)}</h3>${showFields('Fields', schema)}</section>`,
  )
  .join('\n')}
</main>
</body>
</html>
`;
}
