/** One directive as NGINX reads it. */
export interface Directive {
  name: string;
  args: string[];
  /** The content of its braces; null for a directive that ends with ";". */
  block: Directive[] | null;
}

type Token = { kind: 'word'; text: string } | { kind: ';' | '{' | '}' };

function fail(text: string, at: number, what: string): never {
  throw new Error(
    `${what} at line ${text.slice(0, at).split('\n').length}: ${JSON.stringify(text.slice(at, at + 40))}`,
  );
}

function readQuoted(text: string, from: number): { word: string; end: number } {
  const quote = text[from];
  let word = '';
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') word += text[++at] ?? '';
    else if (text[at] === quote) {
      const next = text[at + 1] ?? '';
      if (!/[\s;{)]/.test(next)) fail(text, at, 'something follows a closing quote');
      return { word, end: at + 1 };
    } else word += text.charAt(at);
  }
  return fail(text, from, 'a quote is never closed');
}

function readBare(text: string, from: number): { word: string; end: number } {
  let at = from;
  let word = '';
  while (at < text.length && !/[\s;{]/.test(text[at] ?? '')) {
    if (text[at] === '\\') word += text[++at] ?? '';
    else if (text.startsWith('${', at)) {
      const close = text.indexOf('}', at);
      if (close === -1) fail(text, at, 'a variable is never closed');
      word += text.slice(at, close + 1);
      at = close;
    } else word += text.charAt(at);
    at += 1;
  }
  return { word, end: at };
}

const LUA_BLOCK = /^(\w+_by_lua_block(?: \$\w+)?) \{ ([^{}\n]*) \}/;

/** Splits a configuration as `ngx_conf_read_token` does (nginx/src/core/ngx_conf_file.c). */
function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const character = text[at] ?? '';
    const lua = LUA_BLOCK.exec(text.slice(at, at + 200));
    if (lua !== null) {
      // One call of Lua: it is parsed by its module, not by NGINX.
      const [whole, name = '', code = ''] = lua;
      tokens.push({ kind: 'word', text: name }, { kind: 'word', text: code }, { kind: ';' });
      at += whole.length;
    } else if (/\s/.test(character)) at += 1;
    else if (character === '#') at = text.indexOf('\n', at) === -1 ? text.length : text.indexOf('\n', at);
    else if (character === ';' || character === '{' || character === '}') {
      tokens.push({ kind: character });
      at += 1;
    } else {
      const { word, end } = character === '"' || character === "'" ? readQuoted(text, at) : readBare(text, at);
      tokens.push({ kind: 'word', text: word });
      at = end;
    }
  }
  return tokens;
}

/** Parses a configuration file of NGINX. Throws where NGINX would refuse it. */
export function parseNginx(text: string): Directive[] {
  const tokens = readTokens(text);
  let at = 0;
  function readBlock(isTop: boolean): Directive[] {
    const directives: Directive[] = [];
    let words: string[] = [];
    for (; at < tokens.length; at += 1) {
      const token = tokens[at];
      if (token?.kind === 'word') words.push(token.text);
      else if (token?.kind === '}') {
        if (isTop || words.length > 0) throw new Error(`unexpected "}" after ${JSON.stringify(words)}`);
        return directives;
      } else {
        const [name, ...args] = words;
        if (name === undefined) throw new Error(`unexpected "${token?.kind ?? ''}"`);
        words = [];
        at += token?.kind === '{' ? 1 : 0;
        directives.push({ name, args, block: token?.kind === '{' ? readBlock(false) : null });
      }
    }
    if (!isTop || words.length > 0) throw new Error('the file ends in the middle of something');
    return directives;
  }
  return readBlock(true);
}
