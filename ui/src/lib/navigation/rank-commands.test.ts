import { describe, expect, it } from 'vitest';
import { rankCommand, rankCommands, type Command } from './rank-commands.ts';

const command = (label: string, group: Command['group'] = 'Servers', keywords = ''): Command => ({
  id: label,
  group,
  label,
  keywords,
  icon: (() => undefined) as unknown as Command['icon'],
  run: () => undefined,
});
describe('rankCommands', () => {
  it('ranks prefixes first, then word prefixes, then substrings', () => {
    const found = rankCommands([command('outweather'), command('my weather'), command('weather')], 'wea');
    expect(found.map(({ label }) => label)).toEqual(['weather', 'my weather', 'outweather']);
  });
  it('matches keywords and letters in order, and nothing else', () => {
    expect(rankCommand(command('Weather', 'Servers', 'demo'), 'demo')).toBe(2);
    expect(rankCommand(command('Weather'), 'wtr')).toBe(1);
    expect(rankCommand(command('Weather'), 'xyz')).toBe(0);
  });
  it('puts the group of the best match first', () => {
    const found = rankCommands([command('Copy the URL of Zebra', 'Actions'), command('Zebra')], 'zeb');
    expect(found.map(({ label }) => label)).toEqual(['Zebra', 'Copy the URL of Zebra']);
  });
  it('shows a few commands of each group, pages first, for an empty query', () => {
    const many = Array.from({ length: 20 }, (_, index) => command(`s${index}`));
    const found = rankCommands([...many, command('Settings', 'Pages')], '');
    expect(found[0]?.label).toBe('Settings');
    expect(found).toHaveLength(9);
  });
});
