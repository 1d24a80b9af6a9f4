import type { BodyProblem, Message } from '../types.ts';

/** A body and the expected result of scanning it; for tests in Node, in luajit and through NGINX. */
export interface ScanCase {
  name: string;
  /** Text in which each character is a byte (latin1). */
  body: string;
  /** Undefined: the body is accepted. */
  reason?: BodyProblem;
  /** The id in the response, as JSON text; undefined: null. */
  id?: string;
  /** Members of the first message. */
  message?: Partial<Message>;
}

/** Text as its bytes in UTF-8. */
export const utf8 = (text: string) => Buffer.from(text, 'utf8').toString('latin1');
/** Text of these bytes. */
export const bytes = (...values: number[]) => String.fromCharCode(...values);
/** Bodies that are refused for the same reason, by name. */
export const refused = (reason: BodyProblem, bodies: Record<string, string>): ScanCase[] =>
  Object.entries(bodies).map(([name, body]) => ({ name, body, reason }));
/** A call with more members in its params. */
export const inParams = (more: string) => `{"method":"tools/call","params":{"name":"allowed"${more}}}`;
