import { matchesGlob, parseGlob } from './glob.ts';
import { foldName } from './names.ts';

/** Which grant of the list decided, and by which of its selectors. */
export interface Match {
  grant: number;
  selector: string;
}

interface Pattern extends Match {
  parts: string[];
}

/**
 * Selectors of several grants, with one lookup for names. Empty members are left out: the gate holds matchers for thousands of keys.
 */
export interface Matcher {
  isEmpty: boolean;
  /** Everything. */
  all?: Match;
  names?: Record<string, Match | undefined>;
  patterns?: Pattern[];
  /** Applies to tools that the server lists as read-only. */
  readOnly?: Match;
}

/** A shared matcher without selectors. */
export const NO_SELECTORS: Readonly<Matcher> = { isEmpty: true };

/** Adds a selector: `*`, a name, a pattern with stars, `annotation:readOnly` or `tag:<tag of the server>`. `isFolded`: stored in the form of `foldName`. */
export function addSelector(matcher: Matcher, match: Match, tags: readonly string[], isFolded: boolean): void {
  const { selector } = match;
  const isTag = selector.startsWith('tag:');
  if (isTag && !tags.includes(selector.slice(4))) return;
  matcher.isEmpty = false;
  if (isTag || selector === '*') matcher.all ??= match;
  else if (selector === 'annotation:readOnly') matcher.readOnly ??= match;
  else {
    const text = isFolded ? foldName(selector) : selector;
    if (text.includes('*')) {
      matcher.patterns ??= [];
      matcher.patterns.push({ ...match, parts: parseGlob(text) });
    } else {
      matcher.names ??= {};
      matcher.names[text] ??= match;
    }
  }
}

/** The selector that is equal to a name. */
export function matchName(matcher: Matcher, name: string): Match | undefined {
  const found = matcher.names?.[name];
  // In Node an object has inherited members.
  return typeof found?.grant === 'number' ? found : undefined;
}

/** The first pattern that a text matches. */
export function matchPattern(matcher: Matcher, text: string): Match | undefined {
  if (matcher.patterns === undefined) return undefined;
  for (const pattern of matcher.patterns) if (matchesGlob(pattern.parts, text)) return pattern;
  return undefined;
}
