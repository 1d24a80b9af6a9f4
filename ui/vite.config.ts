import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';
import { staticIcons } from './static-icons.ts';

const configFile = fileURLToPath(new URL('svelte.config.js', import.meta.url));
const registry = process.env['REGISTRY_URL'] ?? 'http://127.0.0.1:7860';

/**
 * The page's <base> is set by its server: the registry knows the depth of the requested URL below /ui/ and sends as many "../"; the
 * development server always serves it at /ui/.
 */
const devBase: Plugin = {
  name: 'mcpgw-dev-base',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace('<base href="./"', '<base href="/ui/"'),
};

/** Writes compressed copies of scripts and styles; the registry sends them unchanged. */
const compress: Plugin = {
  name: 'mcpgw-compress',
  apply: 'build',
  closeBundle() {
    const folder = fileURLToPath(new URL('dist/assets/', import.meta.url));
    for (const name of readdirSync(folder).filter((file) => /\.(js|css)$/.test(file))) {
      const content = readFileSync(folder + name);
      writeFileSync(`${folder}${name}.br`, brotliCompressSync(content));
      writeFileSync(`${folder}${name}.gz`, gzipSync(content, { level: 9 }));
    }
  },
};

export default defineConfig(({ command }) => ({
  // Relative, so that one build works at /ui/, below a path prefix and behind another proxy.
  base: command === 'build' ? './' : '/ui/',
  plugins: [staticIcons, svelte({ configFile }), devBase, compress],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
    rolldownOptions: {
      // The contract's modules only contain declarations; without this, one import would pull zod into the first page.
      treeshake: { moduleSideEffects: (id: string) => !/\/registry\/contract\/(?!.*zod-config)/.test(id) },
    },
  },
  server: {
    proxy: {
      '/api': registry,
      '/ws': { target: registry.replace(/^http/, 'ws'), ws: true },
      '/docs': registry,
      '/openapi.json': registry,
    },
  },
}));
