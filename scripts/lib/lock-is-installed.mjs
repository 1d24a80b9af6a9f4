// Exit code 0 if node_modules matches package-lock.json: npm stores its own list in node_modules/.package-lock.json. Plain JavaScript: any Node runs it.
// Arguments: the checkout, and "with-dev" if development dependencies are required too.
import { readFileSync } from 'node:fs';

const [root, mode] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(`${root}/${file}`, 'utf8')).packages;
const installed = read('node_modules/.package-lock.json');
const missing = Object.entries(read('package-lock.json')).find(
  ([path, { version, link, dev, optional, devOptional }]) =>
    path.includes('node_modules/') &&
    !link &&
    !optional &&
    !((dev || devOptional) && mode !== 'with-dev') &&
    installed[path]?.version !== version,
);
process.exit(missing === undefined ? 0 : 1);
