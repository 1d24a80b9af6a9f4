import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { describeConfigFile } from '../registry/http/docs/config-schema.ts';

// `npm run config-schema`: the JSON Schema of configuration files, for editors, generated from the contract.
const file = join(import.meta.dirname, '../docs/mcpgw.config.schema.json');
writeFileSync(file, await format(JSON.stringify(describeConfigFile()), { parser: 'json', printWidth: 120 }));
