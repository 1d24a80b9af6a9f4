import { startApp } from './start-app.ts';

// A registry in a separate process, to be killed: prints its URL, then serves until the end.
const { url } = await startApp(process.argv[2] ?? '');
process.stdout.write(`${url}\n`);
