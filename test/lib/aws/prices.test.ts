import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hourlyPrice, PRICES, priceWarning } from '#lib/aws/prices.ts';

/** List prices in us-east-1 as AWS's price pages and public tables of 2026 give them, in dollars. */
const LISTED: [what: string, price: number, ours: number][] = [
  ['Fargate, x86, a CPU for an hour', 0.04048, PRICES.fargate.vcpuHour],
  ['Fargate, x86, a GB for an hour', 0.004445, PRICES.fargate.gbHour],
  ['g6.2xlarge for an hour', 0.9776, PRICES.hosts.gpu],
  ['g6e.2xlarge for an hour', 2.242, PRICES.hosts.largeGpu],
  ['c7i.4xlarge for an hour', 0.714, PRICES.hosts.long],
  ['1,000 state transitions', 0.025, 1000 * PRICES.transition],
  ['1,000 PUT requests', 0.005, 1000 * PRICES.storage.put],
  ['1,000 GET requests', 0.0004, 1000 * PRICES.storage.get],
  ['a GB in S3 Standard for a month', 0.023, PRICES.storage.gbMonth],
];

for (const [what, price, ours] of LISTED)
  test(`${what} costs ${price} $`, () => assert.ok(Math.abs(ours - price) < 1e-9, String(ours)));

test('Fargate jobs cost by size, host jobs by their share of CPUs, GPU jobs the whole host', () => {
  const cases: [price: number, expected: number][] = [
    [hourlyPrice('cpu', 'on demand', 4, 16 * 1024), 4 * 0.04048 + 16 * 0.004445],
    [hourlyPrice('cpu', 'spot', 4, 16 * 1024), 0.3 * (4 * 0.04048 + 16 * 0.004445)],
    [hourlyPrice('gpu', 'on demand', 8, 28_000), 0.9776],
    [hourlyPrice('gpu', 'spot', 4, 14_000), 0.9776 * 0.45],
    [hourlyPrice('gpu', 'on demand', 16, 28_000), 0.9776],
    [hourlyPrice('largeGpu', 'on demand', 8, 60_000), 2.242],
    [hourlyPrice('long', 'on demand', 8, 16_000), 0.357],
  ];
  for (const [price, expected] of cases) assert.ok(Math.abs(price - expected) < 1e-12, `${price} ${expected}`);
});

test('the price table states date and region, and expires', () => {
  assert.match(PRICES.date, /^20\d\d-(0[1-9]|1[0-2])-\d\d$/);
  assert.equal(PRICES.region, 'us-east-1');
  const after = (months: number) =>
    new Date(Date.UTC(Number(PRICES.date.slice(0, 4)), Number(PRICES.date.slice(5, 7)) - 1 + months, 15));
  assert.equal(priceWarning(after(0)), '');
  assert.equal(priceWarning(after(12)), '');
  assert.match(priceWarning(after(13)), /13 months old/);
});
