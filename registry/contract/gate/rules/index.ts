export { coversPath } from './glob.ts';
export { foldName } from './names.ts';
export {
  compileRules,
  decideName,
  isActive,
  isUnrestricted,
  listCovering,
  type Decision,
  type GrantKind,
  type KindRules,
  type Rules,
  type ServerFacts,
} from './rules.ts';
