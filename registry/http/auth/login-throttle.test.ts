import { expect, test } from 'vitest';
import { createLoginThrottle } from './login-throttle.ts';

function start() {
  let now = 1_000_000;
  const throttle = createLoginThrottle(() => now);
  return { throttle, pass: (ms: number) => (now += ms) };
}

test('an account has five free attempts, then waits longer and longer, but never more than a minute', () => {
  const { throttle, pass } = start();
  for (let i = 0; i < 6; i += 1) expect(throttle.begin('ada', `192.0.2.${i}`)).toBe(0);
  expect(throttle.begin('ada', '192.0.2.9')).toBe(1_000);
  pass(1_000);
  expect(throttle.begin('ada', '192.0.2.9')).toBe(0);
  expect(throttle.begin('ada', '192.0.2.9')).toBe(2_000);
  for (let i = 0; i < 20; i += 1) {
    pass(60_000);
    expect(throttle.begin('ada', `198.51.100.${i}`)).toBe(0);
  }
  expect(throttle.begin('ada', '203.0.113.1')).toBe(60_000);
});

test('an attempt that must wait does not make the wait longer', () => {
  const { throttle, pass } = start();
  for (let i = 0; i < 6; i += 1) throttle.begin('ada', `192.0.2.${i}`);
  for (let i = 0; i < 50; i += 1) expect(throttle.begin('ada', '192.0.2.9')).toBe(1_000);
  pass(1_000);
  expect(throttle.begin('ada', '192.0.2.9')).toBe(0);
});

test('an address that tries many accounts waits too, regardless of the address in its IPv6 network', () => {
  const { throttle } = start();
  for (let i = 0; i < 21; i += 1) expect(throttle.begin(`user${i}`, `2001:db8:1:2::${i + 1}`)).toBe(0);
  expect(throttle.begin('another', '2001:db8:1:2:ffff::1')).toBe(1_000);
  expect(throttle.begin('another', '2001:db8:1:3::1')).toBe(0);
});

test('an IPv6 network whose address has zeros is one address too, however they are written', () => {
  const { throttle } = start();
  for (let i = 0; i < 21; i += 1) expect(throttle.begin(`user${i}`, `2001:db8::${i + 1}`)).toBe(0);
  expect(throttle.begin('another', '2001:db8:0:0:ffff::1')).toBe(1_000);
  expect(throttle.begin('another', '2001:db8:0:1::1')).toBe(0);
});

test('success resets both, and so does half an hour without attempts', () => {
  const { throttle, pass } = start();
  for (let i = 0; i < 6; i += 1) throttle.begin('ada', '192.0.2.1');
  throttle.succeed('ada', '192.0.2.1');
  for (let i = 0; i < 6; i += 1) expect(throttle.begin('ada', '192.0.2.1')).toBe(0);
  pass(30 * 60_000);
  for (let i = 0; i < 6; i += 1) expect(throttle.begin('ada', '192.0.2.1')).toBe(0);
});

test('beyond 10,000 accounts the least recently used is forgotten, so its memory is bounded', () => {
  const { throttle } = start();
  for (let i = 0; i < 6; i += 1) throttle.begin('ada', '192.0.2.1');
  for (let i = 0; i < 10_000; i += 1) throttle.begin(`u${i}`, `10.${i >> 8}.${i & 255}.1`);
  expect(throttle.begin('ada', '192.0.2.77')).toBe(0);
});
