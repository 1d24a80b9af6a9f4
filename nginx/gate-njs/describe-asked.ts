const MAX_NAME = 128;
const MAX_NAMES = 64;

function quoteAll(names: string[]): string {
  let text = '';
  for (let i = 0; i < names.length && i < MAX_NAMES; i += 1)
    text += (i === 0 ? '' : ',') + JSON.stringify((names[i] ?? '').slice(0, MAX_NAME));
  return text;
}

/**
 * What a body asks for, as members of its line in the log (registry/contract/call-log.ts). Names are those that a client wrote, so they are
 * quoted here; each is cut, and there are no more than a few.
 */
export function describeAsked(era: 'legacy' | 'modern', methods: string[], tools: string[]): string {
  return '"era":"' + era + '","methods":[' + quoteAll(methods) + '],"tools":[' + quoteAll(tools) + ']';
}

/** The same of a single call of a tool, for less than half. */
export function describeCall(era: 'legacy' | 'modern', tool: string): string {
  // What a URL carries as it is, JSON does too; to find that out costs less than to have it quoted.
  return tool.length <= MAX_NAME && encodeURIComponent(tool) === tool
    ? '"era":"' + era + '","methods":["tools/call"],"tools":["' + tool + '"]'
    : describeAsked(era, ['tools/call'], [tool]);
}
