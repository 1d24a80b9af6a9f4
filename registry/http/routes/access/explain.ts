import { explainQuery, explanation, previewInput, previewView } from '../../../contract/index.ts';
import { endpoint, type Endpoint } from '../../framework/endpoint.ts';
import type { AppDeps } from '../../app-deps.ts';

const TAG = 'Access';
/** Of the last day, for a preview. */
const MAX_CALLS = 200_000;

/** May X use Y, and what would a change of grants allow? */
export function explainEndpoints({ access: { insight }, calls }: Pick<AppDeps, 'access' | 'calls'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/access/explain',
      tag: TAG,
      summary: 'May an agent use something, and why',
      description: "Decided by the gate's own rules, as of the present or another time.",
      access: 'viewer',
      query: explainQuery,
      answers: { 200: { description: 'The answer and the grant that decided.', schema: explanation } },
      handle: async ({ query }) => ({ status: 200, body: await insight.explain(query) }),
    }),
    endpoint({
      method: 'post',
      path: '/api/access/preview',
      tag: TAG,
      summary: 'What a change of grants would allow and deny',
      description:
        'Of the requests of the last day, by grants alone, and of the known tools. Nothing is saved: PUT the grants for that.',
      access: 'operator',
      body: previewInput,
      example: { agent: 'planner', grants: [{ server: 'weather', tools: ['get_*'] }] },
      answers: { 200: { description: 'The decisions that would change.', schema: previewView } },
      handle: async ({ body }) => {
        return {
          status: 200,
          body: await insight.preview(
            body,
            calls === null ? null : (agents, fromMs) => calls.sum({ agents, fromMs, maxRows: MAX_CALLS }),
          ),
        };
      },
    }),
  ];
}
