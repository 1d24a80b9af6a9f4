import { isControl, isInvisible } from '@mcpgw/registry/contract';

function escape(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}

/**
 * JSON in which control and invisible characters are escaped (RFC 8259 §7): a program reads the same value. `indent`: spaces per level, 0 for
 * one line.
 */
export function toSafeJson(value: unknown, indent = 2): string {
  return Array.from(JSON.stringify(value, null, indent), (character) =>
    character !== '\n' && (isInvisible(character) || isControl(character)) ? escape(character) : character,
  ).join('');
}
