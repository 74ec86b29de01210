/**
 * What a window is doing with the microphone, as a pure state machine. One session at a time: a dictation or a meeting.
 */
export type SessionPurpose = 'dictation' | 'meeting';

/** What the microphone is used for now. */
export type SessionState =
  | { readonly kind: 'idle' }
  /** The recorder starts; no sound has arrived yet. */
  | { readonly kind: 'starting'; readonly purpose: SessionPurpose }
  /** Sound has been arriving since `sinceMs` (milliseconds since 1970). */
  | { readonly kind: 'recording'; readonly purpose: SessionPurpose; readonly sinceMs: number }
  | { readonly kind: 'transcribing'; readonly purpose: SessionPurpose }
  /** The last session failed; the next one starts as from idle. */
  | { readonly kind: 'failed'; readonly purpose: SessionPurpose };

/** What changes a {@link SessionState}. */
export type SessionEvent =
  | { readonly kind: 'start'; readonly purpose: SessionPurpose }
  | { readonly kind: 'firstSound'; readonly atMs: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'discard' }
  | { readonly kind: 'done' }
  | { readonly kind: 'fail' };

/** The state in which nothing is recorded. */
export const IDLE: SessionState = { kind: 'idle' };

/** The state after an event. An event that means nothing in a state, such as a second stop, leaves it as it is. */
export function nextSession(state: SessionState, event: SessionEvent): SessionState {
  switch (state.kind) {
    case 'idle':
      return event.kind === 'start' ? { kind: 'starting', purpose: event.purpose } : state;
    case 'failed':
      if (event.kind === 'start') return { kind: 'starting', purpose: event.purpose };
      // A new try succeeded, or the user gave up.
      return event.kind === 'done' || event.kind === 'discard' ? IDLE : state;
    case 'starting':
      if (event.kind === 'firstSound') return { kind: 'recording', purpose: state.purpose, sinceMs: event.atMs };
      return ended(state, event);
    case 'recording':
      if (event.kind === 'stop') return { kind: 'transcribing', purpose: state.purpose };
      return ended(state, event);
    case 'transcribing':
      return ended(state, event);
  }
}

/** Whether the microphone is in use. */
export function isCapturing(state: SessionState): boolean {
  return state.kind === 'starting' || state.kind === 'recording';
}

function ended(state: Exclude<SessionState, { kind: 'idle' }>, event: SessionEvent): SessionState {
  if (event.kind === 'discard' || event.kind === 'done') return IDLE;
  if (event.kind === 'fail') return { kind: 'failed', purpose: state.purpose };
  // Stopped before any sound: there is nothing to transcribe.
  return event.kind === 'stop' && state.kind === 'starting' ? IDLE : state;
}
