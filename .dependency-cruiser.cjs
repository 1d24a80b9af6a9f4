// The import rules of docs/architecture.md.
const FEATURES = 'servers|health|tools|publishing|access|activity|bridge|configuration|gateway|execute|openapi';
const WITH_INDEX = `${FEATURES}|live|http|store|settings|upstream`;
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment:
        'except in the form for JSON Schema: a schema contains schemas, so SchemaField and its three containers recurse',
      severity: 'error',
      from: { pathNot: '^ui/src/components/schema/(Schema|Object|Choice|Array)Field\\.svelte$' },
      to: { circular: true },
    },
    {
      name: 'contract-imports-zod-only',
      severity: 'error',
      from: { path: '^registry/contract/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^registry/contract/', '^node_modules/zod/'] },
    },
    {
      name: 'feature-never-imports-feature',
      comment: 'features meet in wire.ts, through events and small interfaces',
      severity: 'error',
      from: { path: `^registry/(${FEATURES})/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^registry/(${FEATURES})/`, pathNot: '^registry/$1/' },
    },
    {
      name: 'feature-never-imports-edge',
      severity: 'error',
      from: { path: `^registry/(${FEATURES}|store|contract)/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^registry/(http|live|start|wire\\.ts|main\\.ts)|^node_modules/(express|express-session|ws)/' },
    },
    {
      name: 'sql-only-in-store',
      severity: 'error',
      from: { path: '^registry/', pathNot: ['^registry/store/', '\\.test\\.ts$'] },
      to: { path: '^node_modules/(kysely|better-sqlite3)/' },
    },
    {
      name: 'store-imports-no-feature',
      severity: 'error',
      from: { path: '^registry/store/', pathNot: '\\.test\\.ts$' },
      to: { path: `^registry/(${FEATURES}|http|live)/` },
    },
    {
      name: 'edges-do-not-import-each-other',
      severity: 'error',
      from: { path: '^registry/(http|live)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^registry/(http|live)/', pathNot: '^registry/$1/' },
    },
    {
      name: 'only-main-and-tests-import-the-root',
      severity: 'error',
      from: { path: '^registry/', pathNot: ['^registry/((main|wire)\\.ts$|start/)', '\\.test\\.ts$'] },
      to: { path: '^registry/(wire\\.ts$|start/)' },
    },
    {
      name: 'only-through-index',
      comment: 'the index.ts of a feature is its public surface',
      severity: 'error',
      from: { path: '^registry/([^/]+)', pathNot: '\\.test\\.ts$' },
      to: { path: `^registry/(${WITH_INDEX})/`, pathNot: ['^registry/$1/', '^registry/[^/]+/index\\.ts$'] },
    },
    {
      name: 'pure-stays-pure',
      comment: 'no file system, network, process or timer, not even through imports',
      severity: 'error',
      from: {
        path: '^registry/(publishing/(plan/|render/|reconcile/(state|events|effects|reduce|reduce/.*|select|plan-recovery)\\.ts|generations/(diff|rejections|server-block)\\.ts)|health/status/instance-health\\.ts|tools/(diff|scan)/|configuration/plan/(create-plan|compare-fields)\\.ts)',
        pathNot: [
          '\\.test\\.ts$',
          '^registry/publishing/render/(load-templates|read-templates|compile-templates|load-gate|bundle-gate)\\.ts$',
        ],
      },
      to: {
        path: '^(node:)?(fs|child_process|net|http|https|timers|dns)(/|$)',
        reachable: true,
      },
    },
    {
      name: 'config-has-no-side-effects',
      comment: 'text in, configuration out: the caller reads files and variables and passes them in',
      severity: 'error',
      from: { path: '^config/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(node:)?(fs|child_process|net|http|https|timers|dns)(/|$)' },
    },
    {
      name: 'gate-contract-has-no-zod',
      comment: 'the gate is compiled to Lua; it shares types and constants only',
      severity: 'error',
      from: { path: '^registry/contract/gate/', pathNot: '\\.test\\.ts$' },
      to: { path: '^node_modules/zod/', reachable: true },
    },
    {
      name: 'gate-json-is-independent-of-the-gate',
      severity: 'error',
      from: { path: '^nginx/gate/json/', pathNot: '\\.test\\.ts$' },
      to: { path: '^nginx/gate/', pathNot: '^nginx/gate/(json|platform|test)/' },
    },
    {
      name: 'gate-request-is-independent-of-the-caller',
      comment: 'request line, headers and body are read before the key and the server matter',
      severity: 'error',
      from: { path: '^nginx/gate/request/', pathNot: '\\.test\\.ts$' },
      to: { path: '^nginx/gate/(access|decide|upstream|log)/' },
    },
    {
      name: 'gate-records-are-independent',
      severity: 'error',
      from: { path: '^nginx/gate/access/records/', pathNot: '\\.test\\.ts$' },
      to: { path: '^nginx/gate/', pathNot: '^nginx/gate/(access/records|platform)/' },
    },
    {
      name: 'gate-decides-in-one-place',
      comment: 'other modules need only the types of a judged call',
      severity: 'error',
      from: { path: '^nginx/gate/', pathNot: ['^nginx/gate/(decide/|main\\.ts$)', '\\.test\\.ts$'] },
      to: { path: '^nginx/gate/decide/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'others-import-the-contract-only',
      severity: 'error',
      from: { path: '^(ui|mcpgw-server|bridge|cli|config|nginx/gate)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^registry/', pathNot: '^registry/(contract/|upstream/index\\.ts$)' },
    },
    {
      name: 'spawn-only-in-listed-files',
      severity: 'error',
      from: {
        path: '^(registry|bridge|cli)/',
        pathNot: [
          '^cli/(bin/mcpgw\\.js|machine/run-program\\.ts)$',
          '^registry/publishing/generations/run-nginx\\.ts$',
          '^bridge/programs/(start-program|orphan-guard)\\.ts$',
          '\\.test\\.ts$',
        ],
      },
      to: { path: '^(node:)?child_process$', dependencyTypes: ['core'] },
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^(registry|mcpgw-server|bridge|cli|config)/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: { path: '^(registry|mcpgw-server|bridge|cli|config|ui/src)/' },
      to: { couldNotResolve: true, pathNot: '^@lucide/svelte/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'svelte', 'types'],
    },
  },
};
