import { expect, test } from 'vitest';
import './test/in-node.ts';
import { createCounters } from './counters.ts';
import { createFakeDictionary } from './test/fake-dictionary.ts';

test('a counter that does not fit is refused at once; expired counters are removed later, and only then', () => {
  const dictionary = createFakeDictionary(2);
  const counters = createCounters(dictionary, '#place');
  counters.makeRoom();
  expect([counters.write('ra', 1), counters.write('rb', 1), counters.write('rc', 1)]).toEqual([true, true, false]);
  expect(counters.write('ra', 2)).toBe(true);
  expect(dictionary.flushes).toBe(0);
  counters.makeRoom();
  counters.makeRoom();
  expect(dictionary.flushes).toBe(1);
});

test('each counter has its own place, which does not change', () => {
  const counters = createCounters(createFakeDictionary(100), '#place');
  for (const name of ['ra', 'db']) counters.write(name, 5);
  expect([counters.placeOf('ra'), counters.placeOf('db'), counters.placeOf('none')]).toEqual([1, 2, undefined]);
  counters.write('ra', 6);
  expect([counters.placeOf('ra'), counters.read('ra')]).toEqual([1, 6]);
  expect(counters.takeChanged().toSorted()).toEqual(['db', 'ra']);
  expect(counters.takeChanged()).toEqual([]);
  counters.forgetPlaces();
  expect([counters.moveTo('db', 7, 1), counters.placeOf('db'), counters.read('db')]).toEqual([true, 1, 7]);
});
