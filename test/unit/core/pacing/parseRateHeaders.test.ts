import { assert } from 'chai';
import fc from 'fast-check';
import { parseRateHeaders } from '../../../../src/core/pacing/parseRateHeaders';
import { SEED } from '../random';

const requests = (limit: string, remaining: string, reset: string): Record<string, string> => ({
  'x-ratelimit-limit-requests': limit,
  'x-ratelimit-remaining-requests': remaining,
  'x-ratelimit-reset-requests': reset,
});

describe('parseRateHeaders', () => {
  it('reads Groq’s headers, and the windows from the resets', () => {
    const headers = {
      ...requests('2000', '1999', '43.2s'),
      'x-ratelimit-limit-audio-seconds': '7200',
      'x-ratelimit-remaining-audio-seconds': '7190.5',
      'x-ratelimit-reset-audio-seconds': '4.75s',
    };
    assert.deepStrictEqual(parseRateHeaders(headers), [
      { unit: 'requests', limit: 2000, remaining: 1999, resetMs: 43_200, windowS: 86_400 },
      { unit: 'audioS', limit: 7200, remaining: 7190.5, resetMs: 4750, windowS: 3600 },
    ]);
  });

  it('takes requests of a minute for what they are, as OpenAI tells them', () => {
    assert.deepStrictEqual(parseRateHeaders(requests('60', '59', '1s')), [
      { unit: 'requests', limit: 60, remaining: 59, resetMs: 1000, windowS: 60 },
    ]);
  });

  for (const [what, headers] of [
    ['a full bucket', requests('60', '60', '0s')],
    ['a reset at a fixed time', requests('100', '99', '10s')],
    ['a reset that is no duration', requests('60', '59', 'soon')],
  ] as const) {
    it(`knows no window from ${what}`, () => {
      assert.isUndefined(parseRateHeaders(headers)[0]?.windowS);
    });
  }

  it('keeps the limit where it cannot read the rest', () => {
    assert.deepStrictEqual(parseRateHeaders(requests('2000', 'many', '')), [{ unit: 'requests', limit: 2000 }]);
  });

  it('reads figures with as many digits as a double prints', () => {
    assert.strictEqual(parseRateHeaders(requests('30', '2.5470000000000006', ''))[0]?.remaining, 2.5470000000000006);
  });

  it('takes more than the limit for the limit', () => {
    assert.strictEqual(parseRateHeaders(requests('20', '30', ''))[0]?.remaining, 20);
  });

  for (const limit of ['', '0', '-1', 'NaN', 'Infinity', '1e3', '99999999999', '2000, 2000']) {
    it(`reads no limit from "${limit}"`, () => {
      assert.deepStrictEqual(parseRateHeaders(requests(limit, '1', '1s')), []);
    });
  }

  it('gives figures that can be counted with, or none, for any headers', () => {
    const anyValue = fc.oneof(fc.string(), fc.double().map(String), fc.nat().map(String));
    fc.assert(
      fc.property(anyValue, anyValue, anyValue, (limit, remaining, reset) => {
        for (const told of parseRateHeaders(requests(limit, remaining, reset))) {
          assert.isTrue(told.limit >= 1 && told.limit <= 1e9);
          if (told.remaining !== undefined) assert.isTrue(told.remaining >= 0 && told.remaining <= told.limit);
        }
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
