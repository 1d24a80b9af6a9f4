/** What the gate knows of a request, for its line in calls.log (registry/contract/call-log.ts). */
export interface Note {
  agent: string | null;
  server: string | null;
  instance: string | null;
  era: 'legacy' | 'modern' | null;
  http: string;
  methods: string[];
  tools: string[];
  verdict: 'allowed' | 'refused';
  reason: string | null;
}

const MAX_NAME = 128;
const MAX_NAMES = 64;

/** Text that a client wrote, as JSON. */
function quote(text: string): string {
  return JSON.stringify(text.length > MAX_NAME ? text.slice(0, MAX_NAME) : text);
}

function quoteAll(names: string[]): string {
  if (names.length === 0) return '[]';
  let text = '[' + quote(names[0] ?? '');
  for (let i = 1; i < names.length && i < MAX_NAMES; i += 1) text += ',' + quote(names[i] ?? '');
  return text + ']';
}

/** A word of ours or the registry's, none of which has a sign that JSON would escape. */
function word(text: string | null): string {
  return text === null ? 'null' : '"' + text + '"';
}

/** A new note about a request of which nothing is known yet. */
export function beginNote(http: string): Note {
  return {
    agent: null,
    server: null,
    instance: null,
    era: null,
    http: http,
    methods: [],
    tools: [],
    verdict: 'refused',
    reason: null,
  };
}

/** The members of the log line that the gate knows, as JSON without the braces; NGINX writes them out as they are. */
export function writeNote(note: Note): string {
  return (
    '"agent":' +
    word(note.agent) +
    ',"server":' +
    word(note.server) +
    ',"instance":' +
    word(note.instance) +
    ',"era":' +
    word(note.era) +
    ',"http":"' +
    note.http +
    '","methods":' +
    (note.methods.length === 1 && note.methods[0] === 'tools/call' ? '["tools/call"]' : quoteAll(note.methods)) +
    ',"tools":' +
    quoteAll(note.tools) +
    ',"verdict":"' +
    note.verdict +
    '","reason":' +
    word(note.reason)
  );
}
