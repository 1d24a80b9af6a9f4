// A registry of its own process that registers one server and is killed at a step of publishing it: `registry-child.ts <dataDir> <port> <step> <url>`.
import { createBench } from './bench.ts';

const [dataDir = '', port = '', fatalStep = '', url = ''] = process.argv.slice(2);
let armed = false;
const bench = await createBench({
  dataDir,
  port: Number(port),
  onStep: (step) => {
    if (armed && step === fatalStep) process.kill(process.pid, 'SIGKILL');
  },
});
await bench.publisher.start();
await bench.publisher.idle();
armed = true;
const { revision } = await bench.register('second', url);
await bench.publisher.whenLive(revision);
throw new Error('it was to be killed before this');
