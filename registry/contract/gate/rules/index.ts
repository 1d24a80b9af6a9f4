export { coversPath, matchesGlob, parseGlob } from './glob.ts';
export { isFreeMethod, isTaskMethod } from './methods.ts';
export { foldName } from './names.ts';
export {
  compileKinds,
  compileRules,
  decideName,
  indexNames,
  isActive,
  isUnrestricted,
  listCovering,
  type Decision,
  type GrantKind,
  type KindRules,
  type Rules,
  type ServerFacts,
} from './rules.ts';
