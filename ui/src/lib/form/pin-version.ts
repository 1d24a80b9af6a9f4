/** A package that a command downloads and runs, in whatever version is the newest at that start. */
export interface UnpinnedPackage {
  /** Where it is among the arguments. */
  index: number;
  name: string;
  /** What stands between name and version. */
  separator: '@' | '==';
}

const FLAGS = new Set(['-y', '--yes', '-q', '--quiet']);
/** Of the registry of npm or of Python packages; no folder, URL or repository, and without a version. */
const NAMES = {
  npx: /^(@[\w.-]+\/)?[\w][\w.-]*(?=(@latest)?$)/,
  uvx: /^[\w][\w.-]*(\[[\w,.-]+\])?(?=(@latest)?$)/,
};

/** Options before the name of the package. */
const NAMING = { npx: ['-p', '--package'], uvx: ['--from'] };

/** The package of `npx -y name` or `uvx name`; null: the command downloads none, or its version is chosen already. */
export function findUnpinned(command: string, args: readonly string[]): UnpinnedPackage | null {
  const program = command.split('/').at(-1);
  if (program !== 'npx' && program !== 'uvx') return null;
  let index = args.findIndex((word) => !FLAGS.has(word));
  const isNamed = NAMING[program].includes(args[index] ?? '');
  if (isNamed) index += 1;
  const [name] = NAMES[program].exec(args[index] ?? '') ?? [];
  // What uvx takes after --from is a requirement of Python.
  return name === undefined ? null : { index, name, separator: isNamed && program === 'uvx' ? '==' : '@' };
}

/** The arguments with the version of the package; as they are, where it is ''. */
export function pinVersion(args: readonly string[], found: UnpinnedPackage, version: string): string[] {
  const { index, name, separator } = found;
  return version === '' ? [...args] : args.with(index, `${name}${separator}${version}`);
}

/** What is wrong with a version; null: nothing. */
export function explainVersion(version: string): string | null {
  return version === '' || /^\d[\w.+-]*$/.test(version) ? null : 'A version is written like 1.2.3';
}
