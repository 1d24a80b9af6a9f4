import { expect, test } from 'vitest';
import { rewriteArguments, rewriteTool } from './rewrite-tool.ts';
import { virtualTools, type VirtualTool } from './virtual-server.ts';

const FORECAST = {
  name: 'get_forecast',
  title: 'Forecast',
  description: 'Weather of a place',
  inputSchema: {
    type: 'object',
    properties: { city: { type: 'string' }, units: { enum: ['metric', 'imperial'] }, days: { type: 'integer' } },
    required: ['city', 'units'],
    dependentRequired: { days: ['units'], units: ['city'] },
    anyOf: [{ required: ['units', 'city'] }, { required: ['units'] }],
  },
  annotations: { readOnlyHint: true, title: 'Forecast' },
};
const definition = (more: Partial<VirtualTool> = {}): VirtualTool => ({
  server: 'weather',
  tool: 'get_forecast',
  ...more,
});

test('without changes it is the tool of its server', () => {
  expect(rewriteTool(FORECAST, definition())).toEqual({ tool: FORECAST });
});

test('name, title and description are those of the definition; fixed and hidden arguments are omitted', () => {
  const rewritten = rewriteTool(
    FORECAST,
    definition({
      name: 'forecast',
      title: 'Mine',
      description: 'Of a city',
      fixed: { units: 'metric' },
      hidden: ['days'],
    }),
  );
  expect(rewritten).toEqual({
    tool: {
      name: 'forecast',
      title: 'Mine',
      description: 'Of a city',
      inputSchema: {
        type: 'object',
        properties: { city: { type: 'string' } },
        required: ['city'],
        dependentRequired: {},
        anyOf: [{ required: ['city'] }, {}],
      },
      annotations: { readOnlyHint: true },
    },
  });
  expect(FORECAST.inputSchema.required).toEqual(['city', 'units']);
});

test.each([
  [{ fixed: { unit: 'metric' } }, '"get_forecast" of "weather" has no argument "unit"'],
  [{ hidden: ['constructor'] }, '"get_forecast" of "weather" has no argument "constructor"'],
  [{ hidden: ['city'] }, '"get_forecast" of "weather" requires "city", which is hidden; give it a fixed value'],
])('a definition that does not fit the tool is refused with the reason: %j', (more, problem) => {
  expect(rewriteTool(FORECAST, definition(more))).toEqual({ problem });
});

test('a tool that accepts any argument accepts a fixed one', () => {
  const open = { name: 'run', inputSchema: { type: 'object' } };
  expect(rewriteTool(open, definition({ fixed: { x: 1 } }))).toMatchObject({ tool: { name: 'get_forecast' } });
});

test('fixed values are sent, hidden arguments are dropped, and a fixed one from an agent is refused', () => {
  const one = definition({ fixed: { units: 'metric' }, hidden: ['days'] });
  expect(rewriteArguments({ city: 'Bern', days: 3 }, one)).toEqual({ arguments: { city: 'Bern', units: 'metric' } });
  const refused = rewriteArguments({ city: 'Bern', units: 'imperial' }, one);
  expect('problem' in refused && refused.problem).toContain('"units" cannot be given here');
});

test.each([
  [[], 'at least one tool'],
  [[definition(), definition()], 'two tools have the name "get_forecast"'],
  [[definition({ name: 'a b' })], 'a name is 1 to 64'],
  [[definition({ tool: 'nach/Hause' })], 'give "name"'],
  [[definition({ fixed: { a: 1 }, hidden: ['a'] })], 'has a fixed value'],
  [Array.from({ length: 201 }, (_, at) => definition({ name: `t${at}` })), 'at most 200 tools'],
])('an invalid list of tools is refused with the reason (%#)', (tools, message) => {
  const parsed = virtualTools.safeParse(tools);
  expect(parsed.error?.issues.map((issue) => issue.message).join()).toContain(message);
});
