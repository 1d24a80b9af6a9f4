import type { Docstring } from '../../contract/index.ts';

type Section = 'summary' | 'arguments' | 'returns' | 'errors' | 'other';

// Google style uses "Args:", NumPy style "Parameters" above a line of dashes.
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

/** Reads `name (type): text`; null for any other line. Not a single pattern, which would backtrack catastrophically. */
function readEntry(text: string): { name: string; description: string } | null {
  const written = /^[`*]{0,2}[\w.$-]+[`*]{0,2}/.exec(text)?.[0];
  if (written === undefined) return null;
  const name = written.replace(/[`*]/g, '');
  let rest = text.slice(written.length).trimStart();
  const end = rest.startsWith('(') ? rest.indexOf(')') : -1;
  if (end >= 0) rest = rest.slice(end + 1).trimStart();
  if (rest === '') return { name, description: '' };
  return rest.startsWith(':') ? { name, description: rest.slice(1).trim() } : null;
}

/** An entry whose lines are joined at the end: appending to a string copies it each time. */
interface Entry {
  name: string;
  lines: string[];
}
function joinEntries(entries: readonly Entry[]): { name: string; description: string }[] {
  return entries
    .map(({ name, lines }) => ({ name, description: lines.join(' ').trim() }))
    .filter(({ name, description }) => name !== '' || description !== '');
}

/** `name (type): text`, `name : type` with the text below it, or `Error: text`; deeper indented lines continue an entry. */
function readEntries(lines: readonly string[]): { name: string; description: string }[] {
  const filled = lines.filter((line) => line.trim() !== '');
  const base = Math.min(...filled.map(indentOf));
  const entries: Entry[] = [];
  for (const line of filled) {
    const text = line.trim().replace(/^[-*]\s+/, '');
    const found = indentOf(line) === base ? readEntry(text) : null;
    const last = entries.at(-1);
    // In NumPy style the type follows the colon, and the text is below; the type becomes a prefix of the text.
    if (found !== null) entries.push({ name: found.name, lines: [found.description] });
    else if (last !== undefined) last.lines.push(text);
    else entries.push({ name: '', lines: [text] });
  }
  return joinEntries(entries);
}

/** Extracts Sphinx fields (`:param name: text`) from the lines of a summary. */
function readSphinx(lines: readonly string[]): { rest: string[]; found: Docstring } {
  const rest: string[] = [];
  const args: Entry[] = [];
  const errors: Entry[] = [];
  let returns: string[] = [];
  /** The section that an indented line continues; null in the summary. */
  let open: string[] | null = null;
  for (const line of lines) {
    const field =
      /^\s*:(param|parameter|arg|argument|key|returns?|rtype|type|raises?|throws|except)\b([^:]*):(.*)$/s.exec(line) ??
      /^\s*@(param|returns?|throws)\b\s*(\S*)(.*)$/s.exec(line);
    if (field !== null) {
      const [, kind = '', names = '', text = ''] = field;
      open = [/^returns?$/.test(kind) ? `${names} ${text}`.trim() : text.trim()];
      const entry = { name: names.trim().split(/\s+/).at(-1) ?? '', lines: open };
      if (/^(param|parameter|arg|argument|key)$/.test(kind)) args.push(entry);
      else if (/^returns?$/.test(kind)) returns = open;
      else if (/^(raises?|throws|except)$/.test(kind)) errors.push(entry);
    } else if (open !== null && line.trim() !== '' && indentOf(line) > 0) open.push(line.trim());
    else {
      open = null;
      rest.push(line);
    }
  }
  const found = {
    summary: '',
    arguments: joinEntries(args),
    errors: joinEntries(errors),
    returns: returns.length === 0 ? null : returns.join(' '),
  };
  return { rest, found };
}

/** A section continues while its lines are indented deeper than its heading; if its first line is not, until a blank line. */
function endOfGoogleSection(lines: readonly string[], at: number): (line: string, blankBefore: boolean) => boolean {
  const indent = indentOf(lines[at] ?? '');
  let next = at + 1;
  while (next < lines.length && lines[next]?.trim() === '') next += 1;
  const first = lines[next] ?? '';
  return indentOf(first) > indent ? (line) => indentOf(line) <= indent : (_, blankBefore) => blankBefore;
}

/**
 * Splits a tool description that was written as a docstring (Google, NumPy or Sphinx style) into its parts. Any other text becomes the summary,
 * unchanged except for whitespace around its lines.
 */
export function splitDocstring(description: string): Docstring {
  const lines = description.slice(0, MAX_TEXT).replace(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n');
  const sections: Record<Section, string[]> = { summary: [], arguments: [], returns: [], errors: [], other: [] };
  let section: Section = 'summary';
  /** Returns whether a line is outside the current section; null if only the next heading ends it. */
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
    isOutside = heading.lines === 1 ? endOfGoogleSection(lines, at) : null;
    if (section === 'other') sections.other.push('', line);
  }
  const { rest, found } = readSphinx(sections.summary);
  const returns = joinLines(sections.returns);
  return {
    summary: joinLines([...rest, ...sections.other]),
    arguments: [...readEntries(sections.arguments), ...found.arguments],
    returns: returns === '' ? found.returns : returns,
    errors: [...readEntries(sections.errors), ...found.errors],
  };
}
