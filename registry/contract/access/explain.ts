import { z } from 'zod';
import { agentName } from './agent.ts';
import { grants, grantView, moment } from './grant.ts';
import { groupName } from './group.ts';

const itemName = z.string().min(1).max(2_048);

/** The question whether an agent may use something, and why. */
export const explainQuery = z
  .object({
    agent: z.string().max(100).describe('name of the agent'),
    server: z.string().min(1).max(200).describe('path of the server'),
    tool: itemName.optional().describe('name of a tool; without tool, resource and prompt: whether it may connect'),
    resource: itemName.optional().describe('URI of a resource'),
    prompt: itemName.optional().describe('name of a prompt'),
    key: z.string().max(100).optional().describe('id of one of its keys, to take its servers and expiry into account'),
    at: moment.optional().describe('a moment other than now, for hours and expiry'),
  })
  .superRefine(({ tool, resource, prompt }, context) => {
    const named = Object.entries({ tool, resource, prompt }).filter(([, value]) => value !== undefined);
    for (const [field] of named.slice(1))
      context.addIssue({
        code: 'custom',
        path: [field],
        message: 'query only one of tool, resource and prompt at a time',
      });
  });

/** Where a grant is defined. */
const place = z.object({
  group: z.string().nullable().describe('the group that it is in; null: it is one of the own grants of the agent'),
  position: z.int().describe('in that list, counted from 0'),
  grant: grantView,
});

export const explanation = z.object({
  allowed: z.boolean(),
  reason: z.string().describe('"granted", or the reason with which the gate refuses (docs/errors.md)'),
  detail: z.string(),
  rule: place
    .extend({ selector: z.string().nullable().describe('which of its names or patterns; null: it covers the server') })
    .nullable()
    .describe('the grant that decided; null: none applies'),
  refusals: z
    .array(z.object({ reason: z.string(), detail: z.string() }))
    .describe('everything that prevents it, in the order in which the gate checks'),
  notInForce: z
    .array(place.extend({ why: z.enum(['expired', 'outside_hours']) }))
    .describe('grants that cover the server but are not in force at that time'),
  isListed: z.boolean().nullable().describe('whether the server lists this tool; null: the query is not about a tool'),
});

/** A change of grants that is only previewed: of an agent (grants, groups) or of a group (grants). */
export const previewInput = z
  .strictObject({
    agent: agentName.optional(),
    group: groupName.optional(),
    grants: grants.optional().describe('the new grants of the agent or group; left out: those that it has'),
    groups: z.array(groupName).max(50).optional().describe('the new groups of the agent'),
  })
  .superRefine(({ agent, group, grants: newGrants, groups }, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if ((agent === undefined) === (group === undefined)) issue('agent', 'name either an agent or a group');
    if (group !== undefined && groups !== undefined) issue('groups', 'a group cannot be in a group');
    if (newGrants === undefined && groups === undefined) issue('grants', 'nothing would change: set grants or groups');
  });

const before = z.boolean().describe('allowed by the grants as they are');
const after = z.boolean().describe('allowed by the grants as they would be');

export const previewView = z.object({
  agents: z.array(z.string()).describe('agents that the change affects'),
  agentsLeftOut: z.int().describe('further agents of the group that were not checked'),
  calls: z
    .object({
      from: z.string().describe('requests since then were checked'),
      isComplete: z.boolean().describe('false: there were too many, only the latest were checked'),
      requests: z.int(),
      allowedBefore: z.int(),
      allowedAfter: z.int(),
      unclear: z.int().describe('requests for which it is not recorded what they used'),
      changed: z
        .array(
          z.object({
            agent: z.string(),
            server: z.string(),
            methods: z.array(z.string()),
            tools: z.array(z.string()),
            resources: z.array(z.string()),
            prompts: z.array(z.string()),
            count: z.int(),
            lastAt: z.string(),
            before,
            after,
          }),
        )
        .describe('requests that would be decided differently, the most frequent first'),
    })
    .nullable()
    .describe('null: single calls are not stored'),
  tools: z
    .array(z.object({ agent: z.string(), server: z.string(), tool: z.string(), before, after }))
    .describe('known tools that would be decided differently'),
  toolsLeftOut: z.int().describe('how many more there are'),
});

/** The one grant that would allow a call that was refused. */
export const callGrant = z.object({
  agent: z.string().nullable(),
  server: z.string().nullable(),
  grant: grantView.nullable().describe('null: no grant would allow the call'),
  detail: z.string().describe('what the grant allows, or what else prevents the call'),
});

export type ExplainQuery = z.infer<typeof explainQuery>;
export type Explanation = z.infer<typeof explanation>;
export type PreviewInput = z.infer<typeof previewInput>;
export type PreviewView = z.infer<typeof previewView>;
export type CallGrant = z.infer<typeof callGrant>;
