import { startApp } from './start-app.ts';

// A registry in a process of its own, to be killed: says its address, then serves until the end.
const { url } = await startApp(process.argv[2] ?? '');
process.stdout.write(`${url}\n`);
