/** Path in a document: names of members and indexes of items, outermost first. */
export type DocumentPath = readonly (string | number)[];

export interface Position {
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
}

/** What is wrong with a configuration file, and where. */
export interface ConfigProblem extends Partial<Position> {
  /** `servers.weather.url`; empty: the document as a whole. */
  field: string;
  message: string;
}

/** A configuration file that cannot be used. The error never contains a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];
  readonly file: string;

  constructor(file: string, problems: readonly ConfigProblem[]) {
    super(problems.map((problem) => describeProblem(file, problem)).join('\n'));
    this.file = file;
    this.problems = problems;
  }
}

/** One line as compilers write it: `servers.yaml:4:7: servers.weather.url: …`. */
export function describeProblem(file: string, { field, message, line, column }: ConfigProblem): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return field === '' ? `${place}: ${message}` : `${place}: ${field}: ${message}`;
}

/** A path in readable form. */
export function writeField(path: DocumentPath): string {
  return path.map(String).join('.');
}
