import { fileURLToPath } from 'node:url';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import svelteParser from 'svelte-eslint-parser';
import tseslint from 'typescript-eslint';

const here = fileURLToPath(new URL('.', import.meta.url));

const shared = {
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' },
  ],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  'max-lines': ['error', { max: 250, skipBlankLines: false, skipComments: false }],
  eqeqeq: ['error', 'always'],
  'no-console': 'error',
};

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'data/**', 'coverage/**', 'docs/**', '**/golden/*/expected/**'] },
  {
    files: ['**/*.ts', '**/*.svelte.ts'],
    ignores: ['nginx/gate/**', 'ui/**'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      globals: globals.node,
      parserOptions: { project: [`${here}tsconfig.json`, `${here}test/e2e/tsconfig.json`], tsconfigRootDir: here },
    },
    rules: shared,
  },
  {
    files: ['nginx/gate/**/*.ts'],
    extends: [...tseslint.configs.strict],
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      'max-lines': shared['max-lines'],
      eqeqeq: shared.eqeqeq,
      // `this: void` declares that a function of Lua takes no self.
      '@typescript-eslint/no-invalid-void-type': 'off',
    },
  },
  ...svelte.configs.recommended.map((config) => ({
    ...config,
    files: config.files ?? ['ui/**/*.svelte', 'ui/**/*.svelte.ts'],
  })),
  {
    files: ['ui/**/*.ts', 'ui/**/*.svelte'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { project: [`${here}ui/tsconfig.json`], tsconfigRootDir: here, extraFileExtensions: ['.svelte'] },
    },
    rules: shared,
  },
  {
    files: ['ui/**/*.svelte'],
    languageOptions: { parser: svelteParser, parserOptions: { parser: tseslint.parser } },
  },
  {
    files: [
      'scripts/**',
      'bench/**',
      'nginx/gate/build/**',
      'registry/main.ts',
      'mcpgw-server/main.ts',
      'bridge/main.ts',
      'cli/main.ts',
      'cli/program/run.ts',
      'test/fixtures/**',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 400 }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
);
