/** A package that a command downloads and runs, in the newest version at each start. */
export interface UnpinnedPackage {
  /** Its index in the arguments. */
  index: number;
  name: string;
  /** Between name and version. */
  separator: '@' | '==';
}

const FLAGS = new Set(['-y', '--yes', '-q', '--quiet']);
/** Packages of npm or PyPI, without a version; not folders, URLs or repositories. */
const NAMES = {
  npx: /^(@[\w.-]+\/)?[\w][\w.-]*(?=(@latest)?$)/,
  uvx: /^[\w][\w.-]*(\[[\w,.-]+\])?(?=(@latest)?$)/,
};

/** Options before the name of the package. */
const NAMING = { npx: ['-p', '--package'], uvx: ['--from'] };

/** The package of `npx -y name` or `uvx name`; null: the command downloads none, or its version is already pinned. */
export function findUnpinned(command: string, args: readonly string[]): UnpinnedPackage | null {
  const program = command.split('/').at(-1);
  if (program !== 'npx' && program !== 'uvx') return null;
  let index = args.findIndex((word) => !FLAGS.has(word));
  const isNamed = NAMING[program].includes(args[index] ?? '');
  if (isNamed) index += 1;
  const [name] = NAMES[program].exec(args[index] ?? '') ?? [];
  // After --from, uvx expects a Python requirement specifier.
  return name === undefined ? null : { index, name, separator: isNamed && program === 'uvx' ? '==' : '@' };
}

/** The arguments with the version of the package; unchanged if it is ''. */
export function pinVersion(args: readonly string[], found: UnpinnedPackage, version: string): string[] {
  const { index, name, separator } = found;
  return version === '' ? [...args] : args.with(index, `${name}${separator}${version}`);
}

/** The error in a version, or null. */
export function explainVersion(version: string): string | null {
  return version === '' || /^\d[\w.+-]*$/.test(version) ? null : 'Enter a version like 1.2.3';
}
