/** Exit codes of the command. Scripts depend on them: a number never changes its meaning. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  denied: 4,
  notFound: 5,
  found: 6,
  toolError: 7,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Meaning of each exit code, for the help and the documentation. */
export const EXIT_MEANINGS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, 'done'],
  [EXIT.failed, 'it failed or was refused; the message contains the reason'],
  [EXIT.usage, 'the command line is wrong'],
  [EXIT.unreachable, 'the gateway, or the server behind it, does not respond'],
  [EXIT.denied, 'not signed in, or not allowed'],
  [EXIT.notFound, 'there is no such server, agent, key …'],
  [
    EXIT.found,
    'it was checked and something is wrong (doctor, status, audit verify, servers refresh), or differs (config diff --exit-code)',
  ],
  [EXIT.toolError, 'the tool was called and returned an error'],
  [EXIT.interrupted, 'ended by Ctrl-C, or answered with no'],
];
