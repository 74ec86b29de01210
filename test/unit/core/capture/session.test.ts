import { assert } from 'chai';
import {
  IDLE,
  isCapturing,
  nextSession,
  type SessionEvent,
  type SessionPurpose,
  type SessionState,
} from '../../../../src/core/capture/session';

const PURPOSES: readonly SessionPurpose[] = ['dictation', 'meeting'];
const EVENTS = ['start', 'firstSound', 'stop'] as const;

/** What events make of each state. Any other leaves the very state, so that nobody is told of a change. */
const CHANGES: Readonly<Record<SessionState['kind'], Partial<Record<SessionEvent['kind'], SessionState['kind']>>>> = {
  idle: { start: 'starting' },
  starting: { firstSound: 'recording', stop: 'idle' },
  recording: { stop: 'idle' },
};
const STATES = ['idle', 'starting', 'recording'] as const;

function stateOf(kind: SessionState['kind'], purpose: SessionPurpose): SessionState {
  if (kind === 'idle') return IDLE;
  return kind === 'recording' ? { kind, purpose, sinceMs: 1000 } : { kind, purpose };
}

function eventOf(kind: SessionEvent['kind'], purpose: SessionPurpose): SessionEvent {
  if (kind === 'start') return { kind, purpose };
  return kind === 'firstSound' ? { kind, atMs: 1000 } : { kind };
}

function after(...events: readonly SessionEvent[]): SessionState {
  return events.reduce(nextSession, IDLE);
}

describe('nextSession', () => {
  for (const state of STATES) {
    for (const event of EVENTS) {
      const expected = CHANGES[state][event];
      it(`goes from ${state} ${expected === undefined ? 'nowhere' : `to ${expected}`} on ${event}`, () => {
        for (const purpose of PURPOSES) {
          const before = stateOf(state, purpose);
          const next = nextSession(before, eventOf(event, purpose));
          if (expected === undefined) assert.strictEqual(next, before);
          else assert.deepEqual(next, stateOf(expected, purpose));
        }
      });
    }
  }

  it('does not let another purpose into a running session', () => {
    const meeting = after({ kind: 'start', purpose: 'meeting' }, { kind: 'firstSound', atMs: 5 });
    assert.strictEqual(nextSession(meeting, { kind: 'start', purpose: 'dictation' }), meeting);
  });

  it('counts from the first sound, not from a later one', () => {
    const sound = (atMs: number): SessionEvent => ({ kind: 'firstSound', atMs });
    assert.deepEqual(after({ kind: 'start', purpose: 'meeting' }, sound(5), sound(9)), {
      kind: 'recording',
      purpose: 'meeting',
      sinceMs: 5,
    });
  });

  it('starts for whatever it is started for once it was stopped', () => {
    const stopped = after({ kind: 'start', purpose: 'meeting' }, { kind: 'firstSound', atMs: 5 }, { kind: 'stop' });
    assert.deepEqual(nextSession(stopped, { kind: 'start', purpose: 'dictation' }), {
      kind: 'starting',
      purpose: 'dictation',
    });
  });
});

describe('isCapturing', () => {
  for (const [kind, expected] of [
    ['idle', false],
    ['starting', true],
    ['recording', true],
  ] as const) {
    it(`says ${expected ? 'yes' : 'no'} while ${kind}`, () => {
      for (const purpose of PURPOSES) assert.strictEqual(isCapturing(stateOf(kind, purpose)), expected);
    });
  }
});
