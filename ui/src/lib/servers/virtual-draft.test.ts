import { expect, test } from 'vitest';
import { explainDraft, suggestName, toDraft, toVirtualTool } from './virtual-draft.ts';

const TOOL = {
  name: 'get_forecast',
  description: 'Weather of a place',
  inputSchema: {
    type: 'object',
    properties: {
      city: { type: 'string' },
      days: { type: 'integer' },
      tags: { type: 'array', items: { type: 'string' } },
    },
    required: ['city'],
  },
};
const definition = {
  server: 'weather',
  tool: 'get_forecast',
  name: 'forecast',
  description: 'Mine',
  fixed: { city: 'Bern', tags: ['a'] },
  hidden: ['days'],
};

test('a definition passes through the form unchanged', () => {
  expect(toVirtualTool(toDraft(TOOL, definition))).toEqual(definition);
  expect(toVirtualTool(toDraft(undefined, definition))).toEqual(definition);
  const plain = { server: 'weather', tool: 'get_forecast' };
  expect(toVirtualTool(toDraft(TOOL, plain))).toEqual(plain);
});

test('an invalid tool is reported before it is sent', () => {
  const draft = toDraft(TOOL, { server: 'weather', tool: 'get_forecast' });
  expect(explainDraft(draft, [draft])).toBeNull();
  const change = (name: string, use: 'fixed' | 'hidden', value = '') => ({
    ...draft,
    args: draft.args.map((argument) => (argument.name === name ? { ...argument, use, value } : argument)),
  });
  expect(explainDraft({ ...draft, name: 'a b' }, [])).toContain('1 to 64');
  expect(explainDraft(draft, [draft, { ...draft, server: 'other' }])).toContain('Another tool is named');
  expect(explainDraft(change('city', 'hidden'), [])).toContain('is required by the tool');
  expect(explainDraft(change('days', 'fixed', 'three'), [])).toContain('“days”: enter a value of the type integer');
  expect(toVirtualTool(change('days', 'fixed', '3'))).toMatchObject({ fixed: { days: 3 } });
  expect(toVirtualTool(change('city', 'fixed', '3'))).toMatchObject({ fixed: { city: '3' } });
});

test('a tool keeps its name unless another tool has it', () => {
  expect(suggestName('team/weather', 'look', new Set())).toBe('look');
  expect(suggestName('team/weather', 'look', new Set(['look']))).toBe('team_weather_look');
  expect(suggestName('team/weather', 'look', new Set(['look', 'team_weather_look']))).toBe('team_weather_look_3');
  expect(suggestName('x', 'nach Hause', new Set())).toBe('nach_Hause');
});
