import { transpileString } from 'typescript-to-lua';
import { expect, test } from 'vitest';
import { joinTexts } from './join-texts.ts';

async function compile(body: string): Promise<string | undefined> {
  const { file } = transpileString(`export const join = (a: string, b: string, n: number) => ${body};`, {
    luaPlugins: [{ plugin: await joinTexts() }],
  });
  return /return (.*) end\n/.exec(file?.lua ?? '')?.[1];
}

test.each([
  ['`x${a}y${b}z`', '"x" .. a .. "y" .. b .. "z"'],
  ['`${a}/` + `${b}/` + a', 'a .. "/" .. b .. "/" .. a'],
  ['`${a}${n}`', 'a .. tostring(n)'],
  ['`${a}${n + 1 - n}`', 'a .. tostring(n + 1 - n)'],
])('%s is one concatenation', async (body, lua) => {
  expect(await compile(body)).toBe(lua);
});
