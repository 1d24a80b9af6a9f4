/** REST call → the tool that does the same; the first that matches counts. */
const CALLS: readonly (readonly [RegExp, string])[] = [
  [/^(PUT|GET) \/api\/(agents|groups|servers)\/[^/]+\/limits/, 'manage_limits'],
  [/^POST \/api\/servers\/[^/]+\/restore$/, 'restore_service'],
  [/^POST \/api\/servers\/[^/]+\/refresh$/, 'refresh_service'],
  [/^POST \u2026\/refresh$/, 'refresh_service'],
  [/^GET \/api\/servers\/[^/]+\/tools$/, 'get_service_tools'],
  [/^PATCH \/api\/servers\/[^/]+$/, 'update_service'],
  [/^DELETE \/api\/servers\/[^/]+$/, 'remove_service'],
  [/^GET \/api\/servers\/[^/]+$/, 'get_server_details'],
  [/^POST \/(api\/servers|register)$/, 'register_service'],
  [/^GET \/api\/servers$/, 'list_services'],
  [/^GET \/api\/tools$/, 'search_tools'],
  [/^POST \/toggle\/[^/]+$/, 'toggle_service'],
  [/^(POST|PATCH|DELETE) \/api\/agents\/[^/]+\/keys/, 'manage_keys'],
  [/^(POST|PATCH|PUT|DELETE|GET) \/api\/agents/, 'manage_agents'],
  [/^(POST|PATCH|PUT|DELETE|GET) \/api\/groups/, 'manage_groups'],
  [/^(POST|DELETE|GET) \/api\/kill/, 'kill_switch'],
  [/^GET \/api\/calls$/, 'search_calls'],
  [/^GET \/(health|readyz|healthz)$/, 'healthcheck'],
];
const WRITTEN = /\b(?:GET|POST|PUT|PATCH|DELETE) (?:\/|\u2026\/)[^\s,;()"]*[^\s,;()".]/g;

/** A text of the registry for a model: calls of the REST API are replaced by the names of tools, those without a tool by "in the UI of the gateway". */
export function nameTools(text: string): string {
  return text.replace(WRITTEN, (written) => {
    const call = written.replace(/\?.*$/, '');
    return CALLS.find(([pattern]) => pattern.test(call))?.[1] ?? 'in the UI of the gateway';
  });
}

/** A text of the registry with its fields named as the arguments of a tool: `url: …` is `proxy_pass_url: …`. */
export function nameArguments(text: string, fields: Readonly<Record<string, string>>): string {
  return text.replace(/(^|[;:] )([A-Za-z][\w.]*)(?=: )/g, (whole, before: string, field: string) => {
    const [first = '', ...rest] = field.split('.');
    if (Object.hasOwn(fields, field)) return `${before}${fields[field]}`;
    return Object.hasOwn(fields, first) ? before + [fields[first], ...rest].join('.') : whole;
  });
}
