// Exit 0 when node_modules holds what package-lock.json asks for: npm keeps its own list in node_modules/.package-lock.json. Plain JavaScript: any Node runs it.
// Arguments: the checkout, and "with-dev" when development dependencies are wanted too.
import { readFileSync } from 'node:fs';

const [root, wanted] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(`${root}/${file}`, 'utf8')).packages;
const installed = read('node_modules/.package-lock.json');
const missing = Object.entries(read('package-lock.json')).find(
  ([path, { version, link, dev, optional, devOptional }]) =>
    path.includes('node_modules/') &&
    !link &&
    !optional &&
    !((dev || devOptional) && wanted !== 'with-dev') &&
    installed[path]?.version !== version,
);
process.exit(missing === undefined ? 0 : 1);
