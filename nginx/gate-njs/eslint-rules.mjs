// What njs 0.7.9 (Debian 12) does not run, so that nobody finds out from `nginx -t` (DESIGN §6). esbuild writes the rest in es2015.
const LACKING = [
  ['ClassDeclaration, ClassExpression', 'a class'],
  ['ObjectPattern, ArrayPattern', 'destructuring'],
  ['SpreadElement', 'spread'],
  ['ForOfStatement', 'for…of'],
  ['AssignmentPattern', 'a default parameter'],
  ['FunctionDeclaration[generator=true], FunctionExpression[generator=true]', 'a generator'],
  ['FunctionDeclaration[async=true], FunctionExpression[async=true], ArrowFunctionExpression[async=true]', 'async'],
  ['CatchClause[param=null]', 'catch without a name'],
  ['TaggedTemplateExpression', 'a tagged template'],
  ['BinaryExpression[operator="**"], AssignmentExpression[operator="**="]', '**'],
  ['BigIntLiteral, Literal[bigint]', 'BigInt'],
];

export default [
  {
    rules: {
      'no-restricted-syntax': [
        'error',
        ...LACKING.map(([selector, what]) => ({ selector, message: `njs 0.7.9 has no such thing as ${what}` })),
      ],
      'no-restricted-globals': [
        'error',
        'URL',
        'URLSearchParams',
        'setImmediate',
        'structuredClone',
        'Intl',
        'process',
      ],
      // The old engine wants a name for what is caught.
      '@typescript-eslint/no-unused-vars': ['error', { caughtErrors: 'none' }],
      '@typescript-eslint/prefer-for-of': 'off',
      // Shorthand is fine; said in full where the two words differ in meaning.
      'object-shorthand': 'off',
    },
  },
];
