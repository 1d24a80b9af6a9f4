import type { BinaryExpression, Expression, Plugin } from 'typescript-to-lua';

/**
 * A compiler plugin: joined texts become one concatenation, `a .. b .. c`, which creates one string. TypeScriptToLua writes `(a .. b) .. c`, and
 * Lua creates a string for each pair of parentheses: it looks it up among all strings, allocates it and later collects it.
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

  // `..` is right-associative, so this is written without parentheses; the order of evaluation is unchanged.
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
