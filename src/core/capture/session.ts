/**
 * What a window is doing with the microphone, as a pure state machine. One session at a time: a dictation or a meeting. What becomes of
 * its recording afterwards is work (`work.ts`), and does not keep the next session from starting.
 */
export type SessionPurpose = 'dictation' | 'meeting';

/** A session in which the microphone is in use. */
export type CapturingState =
  /** The recorder starts; no sound has arrived yet. */
  | { readonly kind: 'starting'; readonly purpose: SessionPurpose }
  /** Sound has been arriving since `sinceMs` (milliseconds since 1970). */
  | { readonly kind: 'recording'; readonly purpose: SessionPurpose; readonly sinceMs: number };

/** What the microphone is used for now. */
export type SessionState = { readonly kind: 'idle' } | CapturingState;

/** What changes a {@link SessionState}. */
export type SessionEvent =
  | { readonly kind: 'start'; readonly purpose: SessionPurpose }
  | { readonly kind: 'firstSound'; readonly atMs: number }
  /** The microphone is in use no more, for whatever reason. */
  | { readonly kind: 'stop' };

/** The state in which nothing is recorded. */
export const IDLE: SessionState = { kind: 'idle' };

/** The state after an event. An event that means nothing in a state, such as a second stop, leaves it as it is. */
export function nextSession(state: SessionState, event: SessionEvent): SessionState {
  switch (event.kind) {
    case 'start':
      return state.kind === 'idle' ? { kind: 'starting', purpose: event.purpose } : state;
    case 'firstSound':
      return state.kind === 'starting' ? { kind: 'recording', purpose: state.purpose, sinceMs: event.atMs } : state;
    case 'stop':
      return IDLE;
  }
}

/** Whether the microphone is in use. */
export function isCapturing(state: SessionState): state is CapturingState {
  return state.kind !== 'idle';
}
