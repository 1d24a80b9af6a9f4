import type { Outcome, Params, RpcError } from '../connection/message.ts';

const asText = (text: string, isError: boolean): Outcome => ({
  result: { content: [{ type: 'text', text }], ...(isError && { isError }) },
});

/** A result for the model: JSON without spaces, which cost tokens. */
export const answerJson = (value: object): Outcome => asText(JSON.stringify(value), false);

/** An error that the model can correct. */
export const answerMistake = (text: string): Outcome => asText(text, true);

/** A refusal of the gateway or an error of a server as text for the model: clients rarely show protocol errors to it. */
export function explainError({ code, message, data }: RpcError): Outcome {
  const { reason, hint } = (data ?? {}) as Params;
  const more = typeof hint === 'string' ? `. ${hint}` : '';
  const named = typeof reason === 'string' ? ` (${code}, ${reason})` : ` (${code})`;
  return answerMistake(`${message}${named}${more}`);
}
