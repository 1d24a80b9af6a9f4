import { builtinModules } from 'node:module';
import type { Plugin } from 'esbuild';

/** What the programs use of undici, instead of its index.js. The whole package is a quarter of the registry, with WebSocket, caches, mocks and proxies. */
export const UNDICI = `
const api = require('./lib/api');
const Dispatcher = require('./lib/dispatcher/dispatcher');
Object.assign(Dispatcher.prototype, api);
exports.Agent = require('./lib/dispatcher/agent');
exports.Client = require('./lib/dispatcher/client');
exports.buildConnector = require('./lib/core/connect');
exports.FormData = require('./lib/web/fetch/formdata').FormData;
exports.fetch = require('./lib/web/fetch').fetch;
`;

/** File that a package loads but that our requests do not need → its replacement. V8 reads every character of a program before it runs. */
const UNUSED: readonly [file: RegExp, contents: string, loader: 'js' | 'json'][] = [
  // body-parser receives UTF-8 and ISO 8859-1 only.
  [/\/iconv-lite\/encodings\/tables\/.*\.json$/, '[]', 'json'],
  // Errors are in English.
  [/\/zod\/v4\/locales\/index\.js$/, `export { default as en } from './en.js';`, 'js'],
  [/\/undici\/index\.js$/, UNDICI, 'js'],
  // Every agent has `allowH2: false`; loading node:http2 is slow.
  [
    /\/undici\/lib\/dispatcher\/client-h2\.js$/,
    `module.exports = () => { throw new Error('HTTP/2 is not built in'); };`,
    'js',
  ],
  // An experimental parser that is not enabled.
  [/\/undici\/lib\/milo\/(no-)?simd\.js$/, `throw new Error('This parser is not built in');`, 'js'],
];

/** Leaves out the largest files of packages that are never used. */
export const trimPackages: Plugin = {
  name: 'trim-packages',
  setup(steps) {
    for (const [filter, contents, loader] of UNUSED) steps.onLoad({ filter }, () => ({ contents, loader }));
  },
};

/**
 * Loads Node's own modules by `require`: an `import` of node:http reads all its exports, and so loads fetch and WebSocket completely, which
 * takes 0.1 s.
 */
export const requireBuiltins: Plugin = {
  name: 'require-builtins',
  setup(steps) {
    const names = new RegExp(`^(node:)?(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`);
    steps.onResolve({ filter: names }, ({ path, namespace }) =>
      namespace === 'builtin' ? { path, external: true } : { path, namespace: 'builtin' },
    );
    steps.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
      loader: 'js',
    }));
  },
};
