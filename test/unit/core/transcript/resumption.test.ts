import { assert } from 'chai';
import { WINDOW_CLOSED, type Happening } from '../../../../src/core/transcript/logEntries';
import { GOES_ON_WITHIN_MS, resumptionOf } from '../../../../src/core/transcript/resumption';

/** When sound began. */
const BEGUN_MS = 1_764_400_000_000;
/** Half a minute of it. */
const SAMPLES = 30 * 16_000;
const ENDED_MS = BEGUN_MS + 30_000;
/** The last sign of life comes a little later than the last sample. */
const CUT_OFF_MS = ENDED_MS + 400;
const CAPTURED: Happening = { kind: 'captured', track: 0, fromSample: 0, wallTimeMs: BEGUN_MS };
const PAUSED: Happening = { kind: 'paused', track: 0, fromSample: SAMPLES, wallTimeMs: ENDED_MS };
const LOST: Happening = { kind: 'lost', track: 0, fromSample: SAMPLES, wallTimeMs: ENDED_MS, reason: 'recorderEnded' };
const LEFT = { sampleCount: SAMPLES, cutOffMs: CUT_OFF_MS };

const holeFrom = (wallTimeMs: number): object => ({
  kind: 'goesOn',
  hole: { kind: 'lost', track: 0, fromSample: SAMPLES, wallTimeMs, reason: WINDOW_CLOSED },
});

describe('resumptionOf', () => {
  it('goes on with a meeting that was recorded until a moment ago; the hole begins behind its last sample', () => {
    assert.deepEqual(resumptionOf(LEFT, [CAPTURED], CUT_OFF_MS + 2000), holeFrom(ENDED_MS));
    const later = { ...CAPTURED, fromSample: SAMPLES - 16_000, wallTimeMs: ENDED_MS + 60_000 };
    const left = { ...LEFT, cutOffMs: ENDED_MS + 61_000 };
    assert.deepEqual(
      resumptionOf(left, [CAPTURED, PAUSED, later], ENDED_MS + 62_000),
      holeFrom(ENDED_MS + 61_000),
      'behind a pause',
    );
  });

  it('takes the last sign of life where the log knows nothing of the sound', () => {
    assert.deepEqual(resumptionOf(LEFT, [], CUT_OFF_MS + 1), holeFrom(CUT_OFF_MS));
  });

  it('never begins a hole before the sound, also where a power cut has shortened the file', () => {
    const left = { sampleCount: 100, cutOffMs: CUT_OFF_MS };
    const later = { ...CAPTURED, fromSample: 5000 };
    const resumption = resumptionOf(left, [later], CUT_OFF_MS);
    assert.deepEqual(resumption, {
      kind: 'goesOn',
      hole: { kind: 'lost', track: 0, fromSample: 100, wallTimeMs: BEGUN_MS, reason: WINDOW_CLOSED },
    });
  });

  it('goes on where the microphone was away, with the hole that the log has', () => {
    assert.deepEqual(resumptionOf(LEFT, [CAPTURED, LOST], CUT_OFF_MS + 2000), { kind: 'goesOn' });
  });

  it('leaves it to the user where they had paused, whatever else happened meanwhile', () => {
    const marked: Happening = { kind: 'marked', atS: 30, text: '' };
    const other: Happening = { ...CAPTURED, track: 1 };
    assert.deepEqual(resumptionOf(LEFT, [CAPTURED, PAUSED], CUT_OFF_MS + 2000), { kind: 'mayGoOn' });
    assert.deepEqual(resumptionOf(LEFT, [CAPTURED, PAUSED, marked, other], CUT_OFF_MS), { kind: 'mayGoOn' });
  });

  it('does not go on where the meeting was stopped', () => {
    for (const happenings of [[], [CAPTURED], [CAPTURED, PAUSED], [CAPTURED, LOST]])
      assert.deepEqual(resumptionOf({ sampleCount: SAMPLES }, happenings, CUT_OFF_MS), { kind: 'isOver' });
  });

  it('opens no microphone later than minutes, nor where the clock was set', () => {
    const latestMs = ENDED_MS + GOES_ON_WITHIN_MS;
    assert.equal(resumptionOf(LEFT, [CAPTURED], latestMs).kind, 'goesOn');
    for (const nowMs of [latestMs + 1, CUT_OFF_MS - GOES_ON_WITHIN_MS - 1]) {
      assert.equal(resumptionOf(LEFT, [CAPTURED], nowMs).kind, 'isOver');
    }
    for (const happenings of [[CAPTURED, PAUSED], [CAPTURED, LOST], []])
      assert.equal(resumptionOf(LEFT, happenings, CUT_OFF_MS + GOES_ON_WITHIN_MS + 1).kind, 'isOver');
  });

  it('does not believe a file whose time was changed hours later', () => {
    const hoursLaterMs = CUT_OFF_MS + 3 * 3_600_000;
    assert.deepEqual(resumptionOf({ ...LEFT, cutOffMs: hoursLaterMs }, [CAPTURED], hoursLaterMs), { kind: 'isOver' });
  });
});
