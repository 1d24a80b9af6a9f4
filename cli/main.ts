import { runCommandLine } from './program/run.ts';

// A closed pipe (`mcpgw … | head`) ends the command.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
process.exitCode = await runCommandLine(process.argv.slice(2));
