import { assert } from 'chai';
import fc from 'fast-check';
import { parseDurationMs, parseRetryAfter, waitInMessage } from '../../../../src/core/pacing/retryAfter';
import { SEED } from '../random';

const NOW_MS = Date.UTC(2026, 10, 23, 12, 0, 0);

describe('parseDurationMs', () => {
  const durations: readonly (readonly [text: string, ms: number])[] = [
    ['43.2s', 43_200],
    ['2m59.56s', 179_560],
    ['23h59m59s', 86_399_000],
    ['1h2m', 3_720_000],
    ['350ms', 350],
    ['1m0.5s', 60_500],
    ['1s350ms', 1350],
    ['250µs', 0.25],
    ['1d1h', 90_000_000],
    ['0s', 0],
    ['0', 0],
    ['12', 12_000],
    ['0.75', 750],
    [' 6M0S ', 360_000],
    ['20 seconds', 20_000],
    ['1 minute 5 seconds', 65_000],
    ['800 milliseconds', 800],
  ];
  for (const [text, ms] of durations) {
    it(`reads "${text}" as ${ms} ms`, () => {
      assert.closeTo(parseDurationMs(text) ?? NaN, ms, 1e-6);
    });
  }

  for (const text of [
    '',
    ' ',
    's',
    '-1',
    '-5s',
    'NaN',
    'Infinity',
    '1e9',
    '5x',
    '5 s later',
    'soon',
    '1h-2m',
    '.',
    '3mm',
    '1,5s',
  ]) {
    it(`reads nothing from "${text}"`, () => {
      assert.isUndefined(parseDurationMs(text));
    });
  }

  it('reads what Go prints for any duration', () => {
    fc.assert(
      fc.property(fc.nat({ max: 86_399_999 }), (ms) => {
        assert.closeTo(parseDurationMs(goDuration(ms)) ?? NaN, ms, 1e-3, goDuration(ms));
      }),
      { seed: SEED },
    );
  });

  it('gives a finite number that is not negative, or nothing, for any text', () => {
    const pieces = fc.constantFrom(
      '1',
      '9999999999999999',
      '0.5',
      's',
      'm',
      'h',
      'ms',
      'd',
      ' ',
      '-',
      '.',
      'e',
      'in',
      'retry',
    );
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 40 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        for (const wait of [
          parseDurationMs(text),
          waitInMessage(`Please try again in ${text}`),
          waitInMessage(text),
          parseRetryAfter({ 'retry-after': text, date: text }, NOW_MS),
          parseRetryAfter({ 'retry-after-ms': text }, NOW_MS),
        ]) {
          if (wait !== undefined) assert.isTrue(Number.isFinite(wait) && wait >= 0, `${wait} from "${text}"`);
        }
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });
});

describe('waitInMessage', () => {
  const messages: readonly (readonly [message: string, ms: number | undefined])[] = [
    [
      'Rate limit reached for model `whisper-large-v3-turbo` in organization `org_x` service tier `on_demand` on seconds of audio per hour (ASPH): Limit 7200, Used 5956, Requested 2336. Please try again in 9m6s. Need more tokens? Upgrade today.',
      546_000,
    ],
    ['Limit 3 / min. Please try again in 20s. Contact us', 20_000],
    ['Please try again in 7.66s. Visit https://example.org/ for more', 7660],
    ['please try again in 6ms.', 6],
    ['Please retry after 6 seconds.', 6000],
    ['Please wait for 2 minutes', 120_000],
    ['Please try again in 3 moons.', undefined],
    ['Please try again later.', undefined],
    ['Limit 7200, Used 5956', undefined],
    ['', undefined],
  ];
  for (const [message, ms] of messages) {
    it(`finds ${ms === undefined ? 'no wait' : `${ms} ms`} in "${message.slice(-60)}"`, () => {
      assert.strictEqual(waitInMessage(message), ms);
    });
  }
});

describe('parseRetryAfter', () => {
  it('reads seconds', () => {
    assert.strictEqual(parseRetryAfter({ 'retry-after': '546' }, NOW_MS), 546_000);
    assert.strictEqual(parseRetryAfter({ 'retry-after': ' 0.5 ' }, NOW_MS), 500);
    assert.strictEqual(parseRetryAfter({ 'retry-after': '0' }, NOW_MS), 0);
  });

  it('reads a duration, though no standard has it', () => {
    assert.strictEqual(parseRetryAfter({ 'retry-after': '9m6s' }, NOW_MS), 546_000);
  });

  it('prefers the exact header', () => {
    assert.strictEqual(parseRetryAfter({ 'retry-after': '2', 'retry-after-ms': '1250' }, NOW_MS), 1250);
    assert.strictEqual(parseRetryAfter({ 'retry-after': '2', 'retry-after-ms': 'soon' }, NOW_MS), 2000);
  });

  for (const date of ['Mon, 23 Nov 2026 12:01:30 GMT', 'Monday, 23-Nov-26 12:01:30 GMT', 'Mon Nov 23 12:01:30 2026']) {
    it(`reads the date ${date}`, () => {
      assert.strictEqual(parseRetryAfter({ 'retry-after': date }, NOW_MS), 90_000);
    });
  }

  it('measures a date against the server’s own clock', () => {
    const headers = { 'retry-after': 'Mon, 23 Nov 2026 12:01:30 GMT', date: 'Mon, 23 Nov 2026 12:01:00 GMT' };
    assert.strictEqual(parseRetryAfter(headers, NOW_MS - 3_600_000), 30_000);
  });

  it('takes a date that is over for now', () => {
    assert.strictEqual(parseRetryAfter({ 'retry-after': 'Mon, 23 Nov 2026 11:00:00 GMT' }, NOW_MS), 0);
  });

  it('finds nothing where nothing is asked for', () => {
    assert.isUndefined(parseRetryAfter({}, NOW_MS));
    for (const value of ['', '-5', 'soon', 'Mon, 99 Foo 2026 12:00:00 GMT', '1,2']) {
      assert.isUndefined(parseRetryAfter({ 'retry-after': value }, NOW_MS), value);
    }
  });
});

/** As Go's `time.Duration.String` writes it, down to milliseconds. */
function goDuration(ms: number): string {
  if (ms === 0) return '0s';
  if (ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = `${(ms % 60_000) / 1000}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
