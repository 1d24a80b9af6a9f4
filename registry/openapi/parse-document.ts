import { parse as parseYaml } from 'yaml';
import { findProtoMember, isNestedDeeperThan, isRecord, MAX_DESCRIPTION_BYTES } from '../contract/index.ts';
import { createDocument, invalidDescription, textOf, type Document } from './document.ts';

/** YAML is parsed some fifty times slower than JSON, and the registry does nothing else meanwhile. */
const MAX_YAML_BYTES = 1024 * 1024;
const MAX_DEPTH = 100;

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (/^\s*[{[]/.test(text)) throw invalidDescription(`it is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  if (text.length > MAX_YAML_BYTES)
    throw invalidDescription('as YAML it may have at most 1 MB', 'Convert it to JSON, which may have 4 MB.');
  try {
    return parseYaml(text, { maxAliasCount: 100, logLevel: 'error' }) as unknown;
  } catch (error) {
    const [line = ''] = (error as Error).message.split('\n');
    throw invalidDescription(`it is neither JSON nor YAML: ${line.slice(0, 200)}`);
  }
}

/** Parses a description, JSON or YAML. Throws RegistryError `invalid` with what is wrong. */
export function parseDocument(text: string): Document {
  if (Buffer.byteLength(text) > MAX_DESCRIPTION_BYTES) throw invalidDescription('it is larger than 4 MB');
  const root = parseText(text);
  if (!isRecord(root)) throw invalidDescription('it is not an OpenAPI description but a single value or list');
  if (isNestedDeeperThan(root, MAX_DEPTH)) throw invalidDescription(`it is nested deeper than ${MAX_DEPTH} levels`);
  if (findProtoMember(root) !== null) throw invalidDescription('it has a member named __proto__');
  if (root['swagger'] !== undefined)
    throw invalidDescription(
      'it is Swagger 2.0',
      'Convert it to OpenAPI 3 (for example with https://converter.swagger.io) and register the result.',
    );
  const version = textOf(root['openapi']);
  if (!/^3\.[01]\./.test(version))
    throw invalidDescription(
      version === ''
        ? 'it has no member "openapi" with its version'
        : `version ${version.slice(0, 20)} is not supported`,
      'Supported are OpenAPI 3.0 and 3.1.',
    );
  if (!isRecord(root['paths'])) throw invalidDescription('it has no "paths"');
  return createDocument(root);
}
