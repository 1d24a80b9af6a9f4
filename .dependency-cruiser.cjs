// The arrows of DESIGN §4. A rule's comment says which one it holds.
const FEATURES = 'servers|health|discovery|publishing|access|activity';
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'contract-imports-zod-only',
      severity: 'error',
      from: { path: '^registry/contract/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: ['^registry/contract/', '^node_modules/zod/'] },
    },
    {
      name: 'feature-never-imports-feature',
      comment: 'features meet in registry.ts, through events and small interfaces',
      severity: 'error',
      from: { path: `^registry/(${FEATURES})/`, pathNot: '\\.test\\.ts$' },
      to: { path: `^registry/(${FEATURES})/`, pathNot: '^registry/$1/' },
    },
    {
      name: 'feature-never-imports-edge',
      severity: 'error',
      from: { path: `^registry/(${FEATURES}|store|contract)/`, pathNot: '\\.test\\.ts$' },
      to: { path: '^registry/(http|live|registry\\.ts|main\\.ts)|^node_modules/(express|express-session|ws)/' },
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
      from: { path: '^registry/', pathNot: ['^registry/main\\.ts$', '\\.test\\.ts$'] },
      to: { path: '^registry/registry\\.ts$' },
    },
    {
      name: 'pure-stays-pure',
      severity: 'error',
      from: {
        path: '^registry/(publishing/(plan-routes|render|quote|diff|route-plan)|health/transitions|discovery/(diff-tools|split-docstring|scan-text))\\.ts$',
      },
      to: { path: '^(node:)?(fs|child_process|net|http|https|timers|crypto|dns)(/|$)', dependencyTypes: ['core'] },
    },
    {
      name: 'others-see-the-contract-only',
      severity: 'error',
      from: { path: '^(ui|mcpgw-server|bridge|nginx/gate)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^registry/', pathNot: '^registry/contract/' },
    },
    {
      name: 'spawn-only-where-made-for-it',
      severity: 'error',
      from: { path: '^registry/', pathNot: ['^registry/publishing/(run-nginx|nginx-facts)\\.ts$', '\\.test\\.ts$'] },
      to: { path: '^(node:)?child_process$', dependencyTypes: ['core'] },
    },
    {
      name: 'not-to-dev-dep',
      severity: 'error',
      from: { path: '^(registry|mcpgw-server)/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: { path: '^(registry|mcpgw-server|ui/src)/' },
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
