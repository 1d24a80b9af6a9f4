import type { Docstring } from '../../contract/index.ts';

type Section = 'summary' | 'arguments' | 'returns' | 'errors' | 'other';

// Google writes "Args:", NumPy "Parameters" over a line of dashes.
const HEADINGS: [RegExp, Section][] = [
  [/^(args|arguments|parameters|params|other parameters|keyword args|keyword arguments|inputs?)$/i, 'arguments'],
  [/^(returns?|yields?|outputs?|result)$/i, 'returns'],
  [/^(raises|throws|errors|exceptions|warns)$/i, 'errors'],
  [/^(examples?|notes?|see also|references|warnings?|attributes|todo|usage)$/i, 'other'],
];
const MAX_TEXT = 20_000;

function readHeading(line: string, next: string | undefined): { section: Section; lines: number } | null {
  const text = line.trim();
  const google = /^(.{1,30}):$/.exec(text)?.[1];
  const numpy = next !== undefined && /^\s*-{3,}\s*$/.test(next) ? text : undefined;
  const name = google ?? numpy;
  const found = name === undefined ? undefined : HEADINGS.find(([pattern]) => pattern.test(name));
  return found === undefined ? null : { section: found[1], lines: google === undefined ? 2 : 1 };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

function joinLines(lines: readonly string[]): string {
  return lines
    .map((line) => line.trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** `name (type): text`, `name : type` with the text below it, or `Error: text`; what is indented deeper goes on with it. */
function readEntries(lines: readonly string[]): { name: string; description: string }[] {
  const filled = lines.filter((line) => line.trim() !== '');
  const base = Math.min(...filled.map(indentOf));
  const entries: { name: string; description: string }[] = [];
  for (const line of filled) {
    const text = line.trim().replace(/^[-*]\s+/, '');
    const found = /^([`*]{0,2}[\w.$-]+[`*]{0,2})\s*(?:\(([^)]*)\))?\s*(?::\s*(.*))?$/.exec(text);
    const last = entries.at(-1);
    if (indentOf(line) === base && found?.[1] !== undefined) {
      // In NumPy style a type follows the colon, and the text stands below; it is kept in front of the text.
      entries.push({ name: found[1].replace(/[`*]/g, ''), description: found[3] ?? '' });
    } else if (last !== undefined) last.description = `${last.description} ${text}`.trim();
    else entries.push({ name: '', description: text });
  }
  return entries.filter(({ name, description }) => name !== '' || description !== '');
}

/** Takes Sphinx fields (`:param name: text`) out of the lines of a summary. */
function readSphinx(lines: readonly string[]): { rest: string[]; found: Partial<Docstring> } {
  const rest: string[] = [];
  const args: Docstring['arguments'] = [];
  const errors: Docstring['errors'] = [];
  let returns: string[] = [];
  let addLine: ((text: string) => void) | null = null;
  for (const line of lines) {
    const field =
      /^\s*:(param|parameter|arg|argument|key|returns?|rtype|type|raises?|throws|except)\b([^:]*):(.*)$/.exec(line) ??
      /^\s*@(param|returns?|throws)\b\s*(\S*)(.*)$/.exec(line);
    if (field !== null) {
      const [, kind = '', names = '', text = ''] = field;
      const name = names.trim().split(/\s+/).at(-1) ?? '';
      if (/^(param|parameter|arg|argument|key)$/.test(kind)) {
        const entry = { name, description: text.trim() };
        args.push(entry);
        addLine = (more) => (entry.description = `${entry.description} ${more}`.trim());
      } else if (/^returns?$/.test(kind)) {
        returns = [`${names} ${text}`.trim()];
        addLine = (more) => returns.push(more);
      } else if (/^(raises?|throws|except)$/.test(kind)) {
        const entry = { name, description: text.trim() };
        errors.push(entry);
        addLine = (more) => (entry.description = `${entry.description} ${more}`.trim());
      } else addLine = () => undefined;
    } else if (addLine !== null && line.trim() !== '' && indentOf(line) > 0) addLine(line.trim());
    else {
      addLine = null;
      rest.push(line);
    }
  }
  return { rest, found: { arguments: args, errors, returns: returns.length === 0 ? null : returns.join(' ') } };
}

/** A section goes on as long as its lines are indented deeper than its heading; where they are not, until a blank line. */
function endOfGoogleSection(heading: string, rest: readonly string[]): (line: string, blankBefore: boolean) => boolean {
  const indent = indentOf(heading);
  const first = rest.find((line) => line.trim() !== '') ?? '';
  return indentOf(first) > indent ? (line) => indentOf(line) <= indent : (_, blankBefore) => blankBefore;
}

/**
 * Splits a tool description that was written as a docstring (Google, NumPy or Sphinx style) into its parts. Any other text is its summary,
 * whole and unchanged but for the space around its lines.
 */
export function splitDocstring(description: string): Docstring {
  const lines = description.slice(0, MAX_TEXT).replace(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n');
  const sections: Record<Section, string[]> = { summary: [], arguments: [], returns: [], errors: [], other: [] };
  let section: Section = 'summary';
  /** Tells whether a line stands outside of the section that is being read; null where only the next heading ends it. */
  let isOutside: ((line: string, blankBefore: boolean) => boolean) | null = null;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const heading = readHeading(line, lines[at + 1]);
    if (heading === null) {
      if (line.trim() !== '' && isOutside?.(line, (lines[at - 1] ?? '').trim() === '') === true) {
        section = 'summary';
        isOutside = null;
        sections.summary.push('');
      }
      sections[section].push(line);
      continue;
    }
    section = heading.section;
    at += heading.lines - 1;
    isOutside = heading.lines === 1 ? endOfGoogleSection(line, lines.slice(at + 1)) : null;
    if (section === 'other') sections.other.push('', line);
  }
  const { rest, found } = readSphinx(sections.summary);
  const returns = joinLines(sections.returns);
  return {
    summary: joinLines([...rest, ...sections.other]),
    arguments: [...readEntries(sections.arguments), ...(found.arguments ?? [])],
    returns: returns === '' ? (found.returns ?? null) : returns,
    errors: [...readEntries(sections.errors), ...(found.errors ?? [])],
  };
}
