import type { BodyProblem, Limits } from './types.ts';

/** What is wrong, and how to correct it. */
export interface Explanation {
  message: string;
  hint: string;
}

const WHOLE = 'send one JSON-RPC 2.0 message in UTF-8';

const FIXED: Partial<Record<BodyProblem, Explanation>> = {
  body_missing: { message: 'the body is empty', hint: WHOLE },
  byte_order_mark: { message: 'the body begins with a byte order mark', hint: 'send UTF-8 without one' },
  not_utf8: { message: 'the body is not UTF-8', hint: 'encode the body in UTF-8' },
  not_json: { message: 'the body is not JSON', hint: WHOLE },
  key_twice: { message: 'an object in the body has a duplicate key', hint: 'use each key only once in an object' },
  keys_collide: { message: 'the keys of the body cannot be compared in reasonable time', hint: 'send fewer keys' },
  not_a_message: {
    message:
      'the body contains something other than a JSON-RPC 2.0 message: an object with a method as a string, or a result or error',
    hint: 'send JSON-RPC 2.0 messages, at least one',
  },
  id_too_long: { message: 'the id of a message is too long', hint: 'send an id of at most 1,024 bytes' },
  tool_missing: { message: 'tools/call names no tool', hint: 'set params.name to a string' },
};

/** Explains a refusal. `member`: the known member, for 'member_ambiguous'. */
export function explainProblem(problem: BodyProblem, limits: Limits, member: string): Explanation {
  const fixed = FIXED[problem];
  if (fixed !== undefined) return fixed;
  if (problem === 'too_deep')
    return {
      message: 'the body is nested too deeply',
      hint: `nest objects and arrays at most ${limits.maxDepth} deep`,
    };
  if (problem === 'too_many_members')
    return {
      message: 'the body has too many members',
      hint: `send at most ${limits.maxMembers} array elements and object members in one body`,
    };
  if (problem === 'too_many_escaped_keys')
    return {
      message: 'too many keys of the body are written with escapes',
      hint: `write keys in plain UTF-8; at most ${limits.maxEscapedKeys} may contain a backslash`,
    };
  if (problem === 'too_many_messages')
    return { message: 'the batch is too long', hint: `send at most ${limits.maxMessages} messages in one body` };
  return {
    message: `a member is named almost like ${member}, and some servers would treat it as ${member}`,
    hint: `spell it exactly ${member}, or choose another name`,
  };
}
