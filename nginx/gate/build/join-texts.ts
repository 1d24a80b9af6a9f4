import type { BinaryExpression, Expression, Plugin } from 'typescript-to-lua';

/**
 * A plugin of the compiler: texts that are put together become one concatenation, `a .. b .. c`, which makes one string. TypeScriptToLua writes
 * `(a .. b) .. c`, and Lua makes a string of each pair of parentheses: looks it up among all strings, allocates and collects it.
 */
export async function joinTexts(): Promise<Plugin> {
  const tstl = await import('typescript-to-lua');
  const { SyntaxKind } = (await import('typescript')).default;
  const CONCAT = tstl.SyntaxKind.ConcatOperator;

  function isConcat(expression: Expression): expression is BinaryExpression {
    return tstl.isBinaryExpression(expression) && expression.operator === CONCAT;
  }

  function listParts(expression: Expression): Expression[] {
    return isConcat(expression) ? [...listParts(expression.left), ...listParts(expression.right)] : [expression];
  }

  // `..` binds to the right, so that this is written without parentheses; the order of evaluation stays.
  function join(expression: Expression): Expression {
    return isConcat(expression)
      ? listParts(expression).reduceRight((after, part) => tstl.createBinaryExpression(part, after, CONCAT))
      : expression;
  }

  return {
    visitors: {
      [SyntaxKind.TemplateExpression]: (node, context) => join(context.superTransformExpression(node)),
      [SyntaxKind.BinaryExpression]: (node, context) => join(context.superTransformExpression(node)),
    },
  };
}
