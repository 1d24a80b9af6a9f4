import type { Migration } from 'kysely/migration';
import { core } from './0001-core.ts';
import { knowledge } from './0002-knowledge.ts';
import { calls } from './0003-calls.ts';
import { instanceLists } from './0004-instance-lists.ts';
import { leftOutTools } from './0005-left-out-tools.ts';
import { standardWords } from './0006-standard-words.ts';
import { verifiedGenerations } from './0007-verified-generations.ts';
import { grantsByKind } from './0013-grants-by-kind.ts';
import { kills } from './0014-kills.ts';
import { managementSocket } from './0008-management-socket.ts';
import { forwardHeaders } from './0009-forward-headers.ts';
import { lockAndRollbackWords } from './0010-lock-and-rollback-words.ts';
import { auditChain } from './0011-audit-chain.ts';
import { serverTls } from './0012-server-tls.ts';
import { programs } from './0015-programs.ts';
import { toolIssues } from './0016-tool-issues.ts';
import { groups } from './0017-groups.ts';
import { recordings } from './0018-recordings.ts';
import { limits } from './0020-limits.ts';
import { toolList } from './0022-tool-list.ts';
import { managedByAFile } from './0024-managed-by-a-file.ts';
import { toolErrors } from './0027-tool-errors.ts';
import { orphanedLimits } from './0028-orphaned-limits.ts';
import { managedLimits } from './0030-managed-limits.ts';
import { virtualServers } from './0031-virtual-servers.ts';
import { apiDescriptions } from './0032-api-descriptions.ts';
import { adaptedServers } from './0033-adapted-servers.ts';
import { serverCounts } from './0034-server-counts.ts';

/** Every migration by name, in order. Forward only: a merged migration is never edited. */
export const MIGRATIONS: Record<string, Migration> = {
  '0001-core': core,
  '0002-knowledge': knowledge,
  '0003-calls': calls,
  '0004-instance-lists': instanceLists,
  '0005-left-out-tools': leftOutTools,
  '0006-standard-words': standardWords,
  '0007-verified-generations': verifiedGenerations,
  '0008-management-socket': managementSocket,
  '0009-forward-headers': forwardHeaders,
  '0010-lock-and-rollback-words': lockAndRollbackWords,
  '0011-audit-chain': auditChain,
  '0012-server-tls': serverTls,
  '0013-grants-by-kind': grantsByKind,
  '0014-kills': kills,
  '0015-programs': programs,
  '0016-tool-issues': toolIssues,
  '0017-groups': groups,
  '0018-recordings': recordings,
  '0020-limits': limits,
  '0022-tool-list': toolList,
  '0024-managed-by-a-file': managedByAFile,
  '0027-tool-errors': toolErrors,
  '0028-orphaned-limits': orphanedLimits,
  '0030-managed-limits': managedLimits,
  '0031-virtual-servers': virtualServers,
  '0032-api-descriptions': apiDescriptions,
  '0033-adapted-servers': adaptedServers,
  '0034-server-counts': serverCounts,
};
