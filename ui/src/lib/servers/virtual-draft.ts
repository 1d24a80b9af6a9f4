import { nameOfVirtualTool, VIRTUAL_TOOL_NAME, type Tool, type VirtualTool } from '@mcpgw/registry/contract';
import { listParameters } from '../tools/list-parameters.ts';

/** How an argument is handled: agents pass it, it is left out, or it has a fixed value. */
export type ArgumentUse = 'shown' | 'hidden' | 'fixed';
export interface ArgumentDraft {
  name: string;
  type: string;
  required: boolean;
  use: ArgumentUse;
  /** As entered: text for a string, else JSON. */
  value: string;
}
/** A tool of a virtual server while it is edited. */
export interface ToolDraft {
  server: string;
  tool: string;
  name: string;
  description: string;
  /** Left unchanged; the form has no field for it. */
  title: string | undefined;
  /** The description of the tool on its own server. */
  ownDescription: string;
  args: ArgumentDraft[];
}

export const draftKey = ({ server, tool }: Pick<ToolDraft, 'server' | 'tool'>): string => `${server} ${tool}`;

/** A name that no other tool has, as close to the tool's own as possible. */
export function suggestName(server: string, tool: string, taken: ReadonlySet<string>): string {
  const clean = (text: string): string => text.replaceAll(/[^A-Za-z0-9_.-]/g, '_').slice(0, 64);
  const own = clean(tool);
  if (!taken.has(own)) return own;
  const long = clean(`${server}_${tool}`);
  for (let count = 2; ; count += 1) {
    const name = count === 2 ? long : `${long.slice(0, 60)}_${count}`;
    if (!taken.has(name)) return name;
  }
}

const isText = (type: string): boolean => type === 'string' || /^"/.test(type);
const writeValue = (type: string, value: unknown): string =>
  isText(type) && typeof value === 'string' ? value : JSON.stringify(value);

/** The draft of a tool; `definition` is its entry in the virtual server. Without `source` (it is gone), only the arguments in the definition are known. */
export function toDraft(source: Tool | undefined, definition: VirtualTool): ToolDraft {
  const { server, tool, title, description = '', fixed = {}, hidden = [] } = definition;
  const known = source === undefined ? [] : listParameters(source);
  const named = [...Object.keys(fixed), ...hidden].filter((name) => !known.some((item) => item.name === name));
  const all = [...known, ...named.map((name) => ({ name, type: 'any', required: false }))];
  return {
    server,
    tool,
    name: nameOfVirtualTool(definition),
    description,
    title,
    ownDescription: source?.description ?? '',
    args: all.map(({ name, type, required }) => {
      const isFixed = Object.hasOwn(fixed, name);
      const use = isFixed ? 'fixed' : hidden.includes(name) ? 'hidden' : 'shown';
      return { name, type, required, use, value: isFixed ? writeValue(type, fixed[name]) : '' };
    }),
  };
}

function readValue({ type, value }: ArgumentDraft): { value: unknown } | { problem: string } {
  if (isText(type)) return { value };
  try {
    return { value: JSON.parse(value) as unknown };
  } catch {
    // Without a known type, a value that is not JSON is text.
    if (type === 'any') return { value };
    return {
      problem: `enter a value of the type ${type} as JSON, for example ${type.endsWith('[]') ? '[1, 2]' : '1 or true'}`,
    };
  }
}

/** The error in a draft, or null if none can be detected here. */
export function explainDraft(draft: ToolDraft, others: readonly ToolDraft[]): string | null {
  if (!VIRTUAL_TOOL_NAME.test(draft.name)) return 'A name has 1 to 64 characters: letters, digits, “_”, “-” and “.”.';
  if (others.some((other) => other !== draft && other.name === draft.name))
    return `Another tool is named “${draft.name}”. Rename one of them.`;
  for (const argument of draft.args) {
    if (argument.use === 'hidden' && argument.required)
      return `“${argument.name}” is required by the tool: set a fixed value instead of hiding it.`;
    const read = argument.use === 'fixed' ? readValue(argument) : { value: null };
    if ('problem' in read) return `“${argument.name}”: ${read.problem}.`;
  }
  return null;
}

/** A draft without errors in the format of the API. */
export function toVirtualTool({ server, tool, name, title, description, args }: ToolDraft): Record<string, unknown> {
  const fixed = args.flatMap((argument) => {
    const read = argument.use === 'fixed' ? readValue(argument) : { problem: '' };
    return 'value' in read ? [[argument.name, read.value] as const] : [];
  });
  const hidden = args.filter(({ use }) => use === 'hidden').map((argument) => argument.name);
  return {
    server,
    tool,
    ...(name !== tool && { name }),
    ...(title !== undefined && { title }),
    ...(description.trim() !== '' && { description: description.trim() }),
    ...(fixed.length > 0 && { fixed: Object.fromEntries(fixed) }),
    ...(hidden.length > 0 && { hidden }),
  };
}
