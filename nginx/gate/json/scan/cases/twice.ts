import { inParams, utf8 } from './scan-case.ts';

/** Rows; the first has the keys `a` and `b`. */
function rows(others: string): string {
  return `{"method":"x","params":{"rows":[{"a":1,"b":2},{${others}}]}}`;
}

/** Objects with a duplicate key. */
export const TWICE = {
  method: '{"method":"x","method":"y"}',
  escaped: '{"method":"a","m\\u0065thod":"b"}',
  'name, escaped': inParams(',"nam\\u0065":"forbidden"'),
  'both escaped': '{"method":"x","params":{"\\u0061b":1,"a\\u0062":1}}',
  deep: '{"method":"x","params":{"a":{"b":1,"b" :2}}}',
  'in an array': '{"method":"x","params":[{"":1,"":2}]}',
  quotes: '{"method":"x","params":{"\\"":1,"\\"":2}}',
  backslashes: '{"method":"x","params":{"a\\\\":1,"a\\\\"\n:2}}',
  'another spelling of a slash': '{"method":"x","params":{"a/":1,"a\\/":2}}',
  __proto__: '{"method":"x","__proto__":1,"__proto__":2}',
  'after other objects': '{"method":"a","x":{"a":1,"b":{"a":1},"a":2}}',
  'at the start of a second row': rows('"a":1,"a":2'),
  'after the keys of the first row': rows('"a":1,"b":2,"a":3'),
  'after them, escaped': rows('"a":1,"b":2,"\\u0061":3'),
  'after some of them': rows('"a":1,"c":2,"b":3,"c":4'),
  'after some of them and an escaped one': rows('"a":1,"\\u0063":2,"b":3,"a":4'),
  'right after the second key': rows('"a":1,"b":2,"b":3'),
  'in a third row': rows('"a":1},{"a":1,"b":2,"c":3},{"a":1,"b":2,"c":3,"b":4'),
  'around another row': rows('"a":{"a":1,"b":2},"b":{"a":1},"a":3'),
  'in a row within a row': rows('"a":{"b":1},"b":{"b":1,"b":2}'),
  'with a space before the colon': rows('"a":1,"b" :2,"b":3'),
  'pair and character': utf8('{"method":"x","a":{"\\ud83d\\ude00":1,"\u{1f600}":2}}'),
  'two-byte character': utf8('{"method":"x","a":{"\\u00e9":1,"\u00e9":2}}'),
  'halves of pairs': '{"method":"x","a":{"\\ud800":1,"\\ud801":2}}',
  'half a pair and U+FFFD': utf8('{"method":"x","a":{"\\udc00":1,"\ufffd":2}}'),
  'in the second message': '[{"method":"x"},{"method":"y","a":1,"a":2}]',
};
