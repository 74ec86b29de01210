import { assert } from 'chai';
import {
  capturedMs,
  IDLE,
  isCapturing,
  nextSession,
  type SessionEvent,
  type SessionPurpose,
  type SessionState,
} from '../../../../src/core/capture/session';

const PURPOSES: readonly SessionPurpose[] = ['dictation', 'meeting'];
const EVENTS = ['start', 'sound', 'pause', 'lose', 'stop'] as const;

/** What events make of each state. Any other leaves the very state, so that nobody is told of a change. */
const CHANGES: Readonly<Record<SessionState['kind'], Partial<Record<SessionEvent['kind'], SessionState['kind']>>>> = {
  idle: { start: 'starting' },
  starting: { sound: 'recording', pause: 'paused', lose: 'lost', stop: 'idle' },
  recording: { pause: 'paused', lose: 'lost', stop: 'idle' },
  paused: { sound: 'recording', stop: 'idle' },
  lost: { sound: 'recording', pause: 'paused', stop: 'idle' },
};
const STATES = ['idle', 'starting', 'recording', 'paused', 'lost'] as const;

function stateOf(kind: SessionState['kind'], purpose: SessionPurpose): SessionState {
  switch (kind) {
    case 'idle':
      return IDLE;
    case 'starting':
      return { kind, purpose };
    case 'recording':
      return { kind, purpose, sinceMs: 1000, beforeMs: 500 };
    case 'paused':
    case 'lost':
      return { kind, purpose, capturedMs: 700 };
  }
}

function eventOf(kind: SessionEvent['kind'], purpose: SessionPurpose): SessionEvent {
  switch (kind) {
    case 'start':
      return { kind, purpose };
    case 'sound':
      return { kind, atMs: 1000, beforeMs: 500 };
    case 'pause':
    case 'lose':
      return { kind, capturedMs: 700 };
    case 'stop':
      return { kind };
  }
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

  const sound = (atMs: number, beforeMs = 0): SessionEvent => ({ kind: 'sound', atMs, beforeMs });

  it('does not let another purpose into a running session', () => {
    const meeting = after({ kind: 'start', purpose: 'meeting' }, sound(5));
    assert.strictEqual(nextSession(meeting, { kind: 'start', purpose: 'dictation' }), meeting);
  });

  it('counts from the first sound, not from a later one', () => {
    assert.deepEqual(after({ kind: 'start', purpose: 'meeting' }, sound(5), sound(9, 4)), {
      kind: 'recording',
      purpose: 'meeting',
      sinceMs: 5,
      beforeMs: 0,
    });
  });

  it('counts on behind a pause and a loss, and not while they last', () => {
    const paused = after({ kind: 'start', purpose: 'meeting' }, sound(1000), { kind: 'pause', capturedMs: 4000 });
    assert.equal(capturedMs(paused, 99_000), 4000);
    const again = nextSession(paused, sound(100_000, 4100));
    assert.equal(capturedMs(again, 101_000), 5100);
    const lost = nextSession(again, { kind: 'lose', capturedMs: 5200 });
    assert.equal(capturedMs(lost, 199_000), 5200);
    assert.equal(capturedMs(nextSession(lost, sound(200_000, 5200)), 200_500), 5700);
  });

  it('starts for whatever it is started for once it was stopped', () => {
    const stopped = after({ kind: 'start', purpose: 'meeting' }, sound(5), { kind: 'stop' });
    assert.deepEqual(nextSession(stopped, { kind: 'start', purpose: 'dictation' }), {
      kind: 'starting',
      purpose: 'dictation',
    });
  });
});

describe('isCapturing', () => {
  for (const kind of STATES) {
    const expected = kind !== 'idle';
    it(`says ${expected ? 'yes' : 'no'} while ${kind}`, () => {
      for (const purpose of PURPOSES) assert.strictEqual(isCapturing(stateOf(kind, purpose)), expected);
    });
  }
});
