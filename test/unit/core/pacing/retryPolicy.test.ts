import { assert } from 'chai';
import fc from 'fast-check';
import type { AnswerHeaders } from '../../../../src/core/pacing/retryAfter';
import {
  afterBrokenConnection,
  afterRefusal,
  MAXIMUM_ATTEMPTS,
  PAUSE_ABOVE_MS,
  provesAddress,
  type AttemptFacts,
  type ConnectionProblem,
  type Verdict,
} from '../../../../src/core/pacing/retryPolicy';
import { SEED } from '../random';

const PASSING = [408, 409, 429, 498, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529];
const NEVER_AGAIN = [400, 401, 402, 403, 404, 407, 413, 422, 424, 501];
const PROBLEMS: readonly ConnectionProblem[] = ['unreachable', 'certificate', 'reset', 'timeout', 'answerTooLarge'];
const GIVE_UP: Verdict = { kind: 'giveUp' };
const NOW_MS = Date.UTC(2026, 10, 23, 12);

function facts(rest: Partial<AttemptFacts> = {}): AttemptFacts {
  return { attempt: 1, isAddressKnown: true, random: 0, nowMs: NOW_MS, ...rest };
}

function refused(status: number, headers: AnswerHeaders = {}, rest: Partial<AttemptFacts> = {}, message = ''): Verdict {
  return afterRefusal(status, headers, message, facts(rest));
}

const anyFacts = fc.record({
  attempt: fc.integer({ min: 1, max: 50 }),
  isAddressKnown: fc.boolean(),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  nowMs: fc.nat({ max: 4e12 }),
});

describe('afterRefusal', () => {
  it('stops earlier where told', () => {
    for (const maximumAttempts of [1, 2, 4]) {
      for (let attempt = 1; attempt <= MAXIMUM_ATTEMPTS; attempt++) {
        const kind = attempt < maximumAttempts ? 'again' : 'giveUp';
        assert.strictEqual(refused(500, {}, { attempt, maximumAttempts }).kind, kind);
        assert.strictEqual(afterBrokenConnection('reset', facts({ attempt, maximumAttempts })).kind, kind);
      }
    }
  });

  it('stops earlier where the model may not be there, but not at once', () => {
    const kinds = [1, 2, 3].map((attempt) => refused(500, {}, { attempt, isModelDoubtful: true }).kind);
    assert.deepStrictEqual(kinds, ['again', 'again', 'giveUp']);
    assert.strictEqual(refused(500, {}, { attempt: 3 }).kind, 'again');
  });

  it('sends the same again after those statuses that pass, and after no other', () => {
    for (let status = 100; status < 600; status++) {
      assert.strictEqual(refused(status).kind, PASSING.includes(status) ? 'again' : 'giveUp', String(status));
    }
  });

  it('never sends the same again after the others, whatever wait they ask for', () => {
    for (const status of NEVER_AGAIN) {
      for (const wait of ['0', '5', '100000']) {
        assert.deepStrictEqual(refused(status, { 'retry-after': wait }, {}, 'Please try again in 2s.'), GIVE_UP);
      }
    }
  });

  it('waits twice as long after each attempt, with chance in the last half, and gives up after the fifth', () => {
    const waits = [1, 2, 3, 4].map((attempt) => [0, 0.5].map((random) => refused(503, {}, { attempt, random })));
    assert.deepStrictEqual(waits, [
      [again(250), again(375)],
      [again(500), again(750)],
      [again(1000), again(1500)],
      [again(2000), again(3000)],
    ]);
    assert.strictEqual(MAXIMUM_ATTEMPTS, 5);
    assert.deepStrictEqual(refused(503, {}, { attempt: 5 }), GIVE_UP);
  });

  const told: readonly (readonly [why: string, headers: AnswerHeaders, message: string, waitMs: number])[] = [
    ['the header in seconds', { 'retry-after': '7' }, '', 7000],
    ['the header in milliseconds, which is more exact', { 'retry-after-ms': '350', 'retry-after': '1' }, '', 350],
    ['the header as a date', { 'retry-after': 'Mon, 23 Nov 2026 12:00:30 GMT' }, '', 30_000],
    ['the message', {}, 'Limit 7200, Used 5956. Please try again in 9m6s.', 546_000],
    ['the header before the message', { 'retry-after': '2' }, 'Please try again in 9m6s.', 2000],
    ['no wait at all', { 'retry-after': '0' }, '', 0],
  ];
  for (const [why, headers, message, waitMs] of told) {
    it(`waits as told after 429: ${why}`, () => {
      assert.deepStrictEqual(refused(429, headers, {}, message), again(waitMs));
      assert.deepStrictEqual(refused(429, headers, { random: 0.5 }, message), again(waitMs + 250));
    });
  }

  it('waits as a header tells after every status that passes, as a message tells after 429 alone', () => {
    for (const status of PASSING) {
      assert.deepStrictEqual(refused(status, { 'retry-after': '7' }), again(7000));
      const wait = refused(status, {}, {}, 'Please try again in 20s.');
      assert.deepStrictEqual(wait, again(status === 429 ? 20_000 : 250));
    }
  });

  it('pauses above a quarter of an hour, at whatever attempt', () => {
    assert.strictEqual(PAUSE_ABOVE_MS, 900_000);
    assert.deepStrictEqual(refused(429, { 'retry-after': '900' }), again(900_000));
    for (const attempt of [1, 5, 9]) {
      assert.deepStrictEqual(refused(429, { 'retry-after': '901' }, { attempt }), { kind: 'pause', waitMs: 901_000 });
    }
    assert.deepStrictEqual(refused(503, { 'retry-after': '7200' }), { kind: 'pause', waitMs: 7_200_000 });
    assert.deepStrictEqual(refused(429, {}, {}, 'Please try again in 23h59m59s.'), {
      kind: 'pause',
      waitMs: 86_399_000,
    });
  });

  it('makes two attempts after 504 and 524, as after a time-out: the server may still work on the first', () => {
    for (const status of [504, 524]) {
      assert.deepStrictEqual(refused(status), again(250));
      assert.deepStrictEqual(refused(status, {}, { attempt: 2 }), GIVE_UP);
      assert.deepStrictEqual(refused(status, { 'retry-after': '1' }, { attempt: 2 }), GIVE_UP);
      assert.deepStrictEqual(refused(status, {}, { maximumAttempts: 1 }), GIVE_UP);
    }
    for (const status of [500, 502, 503, 520, 521, 522, 523, 529])
      assert.deepStrictEqual(refused(status, {}, { attempt: 2 }), again(500));
  });

  it('gives up after the fifth attempt also where it is told to wait', () => {
    assert.deepStrictEqual(refused(429, { 'retry-after': '1' }, { attempt: 5 }), GIVE_UP);
  });

  it('takes a wait that cannot be read for none', () => {
    for (const wait of ['', 'soon', '-5', 'NaN', 'Infinity', '1e3', '0x10']) {
      assert.deepStrictEqual(refused(429, { 'retry-after': wait }), again(250), wait);
    }
  });

  it('gives finite waits, not negative, not too long and never shorter than told, and comes to an end', () => {
    const status = fc.oneof(fc.constantFrom(...PASSING), fc.integer({ min: 100, max: 599 }));
    const wait = fc.oneof(
      fc.nat({ max: 2000 }).map(String),
      fc.double({ min: 0, max: 1e4, noNaN: true }).map((seconds) => seconds.toFixed(3)),
      fc.string(),
      fc.bigInt({ min: 0n, max: 10n ** 60n }).map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      fc.constant(undefined),
    );
    fc.assert(
      fc.property(status, wait, fc.string(), anyFacts, (code, header, message, attempt) => {
        const verdict = afterRefusal(code, header === undefined ? {} : { 'retry-after': header }, message, attempt);
        if (verdict.kind === 'giveUp') return;
        assert.isTrue(Number.isFinite(verdict.waitMs) && verdict.waitMs >= 0);
        assert.include(PASSING, code);
        const isTold = header !== undefined && /^\d+(\.\d+)?$/.test(header) && header.length <= 60;
        if (isTold) assert.isAtLeast(verdict.waitMs, Number(header) * 1000);
        if (verdict.kind === 'pause') assert.isAbove(verdict.waitMs, PAUSE_ABOVE_MS);
        else {
          assert.isAtMost(verdict.waitMs, PAUSE_ABOVE_MS + 500);
          assert.isBelow(attempt.attempt, MAXIMUM_ATTEMPTS);
        }
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });
});

describe('afterBrokenConnection', () => {
  const attempts: readonly (readonly [ConnectionProblem, isAddressKnown: boolean, count: number])[] = [
    ['reset', true, 5],
    ['reset', false, 5],
    ['timeout', true, 2],
    ['timeout', false, 2],
    ['unreachable', true, 5],
    ['unreachable', false, 2],
    ['certificate', true, 1],
    ['certificate', false, 1],
    ['answerTooLarge', true, 1],
    ['answerTooLarge', false, 1],
  ];
  for (const [problem, isAddressKnown, count] of attempts) {
    it(`makes ${count} attempts: ${problem}, ${isAddressKnown ? 'of a server that is known' : 'of one that is not'}`, () => {
      let made = 1;
      while (afterBrokenConnection(problem, facts({ attempt: made, isAddressKnown })).kind === 'again') made++;
      assert.strictEqual(made, count);
    });
  }

  it('takes a connection that was open for a proof of the address', () => {
    assert.deepStrictEqual(PROBLEMS.filter(provesAddress), ['reset', 'answerTooLarge']);
  });

  it('waits like after a refusal without a time', () => {
    assert.deepStrictEqual(afterBrokenConnection('reset', facts({ attempt: 3, random: 0.5 })), again(1500));
  });

  it('gives finite waits, not negative and not too long, never pauses, and comes to an end', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PROBLEMS), anyFacts, (problem, attempt) => {
        const verdict = afterBrokenConnection(problem, attempt);
        assert.notStrictEqual(verdict.kind, 'pause');
        if (verdict.kind !== 'again') return;
        assert.isTrue(verdict.waitMs >= 0 && verdict.waitMs <= 30_000);
        assert.isBelow(attempt.attempt, MAXIMUM_ATTEMPTS);
      }),
      { seed: SEED },
    );
  });
});

function again(waitMs: number): Verdict {
  return { kind: 'again', waitMs };
}
