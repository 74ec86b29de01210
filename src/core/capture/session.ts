/**
 * What a window is doing with the microphone, as a pure state machine. One session at a time: a dictation or a meeting. What becomes of
 * its recording afterwards is work (`work.ts`), and does not keep the next session from starting.
 */
export type SessionPurpose = 'dictation' | 'meeting';

/** A session in which the microphone is in use, or would be but for a pause or a loss. */
export type CapturingState =
  /** The recorder starts; no sound has arrived yet. */
  | { readonly kind: 'starting'; readonly purpose: SessionPurpose }
  /** Sound has been arriving since `sinceMs` (milliseconds since 1970). `beforeMs` were captured before, ahead of a pause or a loss. */
  | {
      readonly kind: 'recording';
      readonly purpose: SessionPurpose;
      readonly sinceMs: number;
      readonly beforeMs: number;
    }
  /** The user paused; so much was captured until then. */
  | { readonly kind: 'paused'; readonly purpose: SessionPurpose; readonly capturedMs: number }
  /** The microphone is gone, and is tried again until it is back; so much was captured until then. */
  | { readonly kind: 'lost'; readonly purpose: SessionPurpose; readonly capturedMs: number };

/** What the microphone is used for now. */
export type SessionState = { readonly kind: 'idle' } | CapturingState;

/** What changes a {@link SessionState}. */
export type SessionEvent =
  | { readonly kind: 'start'; readonly purpose: SessionPurpose }
  /** Sound arrives; so much was captured before it. */
  | { readonly kind: 'sound'; readonly atMs: number; readonly beforeMs: number }
  | { readonly kind: 'pause'; readonly capturedMs: number }
  | { readonly kind: 'lose'; readonly capturedMs: number }
  /** The microphone is in use no more, for whatever reason. */
  | { readonly kind: 'stop' };

/** The state in which nothing is recorded. */
export const IDLE: SessionState = { kind: 'idle' };

/** The state after an event. An event that means nothing in a state, such as a second stop, leaves it as it is. */
export function nextSession(state: SessionState, event: SessionEvent): SessionState {
  if (event.kind === 'stop') return IDLE;
  if (event.kind === 'start') return state.kind === 'idle' ? { kind: 'starting', purpose: event.purpose } : state;
  if (state.kind === 'idle') return state;
  const { purpose } = state;
  switch (event.kind) {
    case 'sound':
      return state.kind === 'recording'
        ? state
        : { kind: 'recording', purpose, sinceMs: event.atMs, beforeMs: event.beforeMs };
    case 'pause':
      return state.kind === 'paused' ? state : { kind: 'paused', purpose, capturedMs: event.capturedMs };
    case 'lose':
      return state.kind === 'lost' || state.kind === 'paused'
        ? state
        : { kind: 'lost', purpose, capturedMs: event.capturedMs };
  }
}

/** Whether a session is under way, be it paused. */
export function isCapturing(state: SessionState): state is CapturingState {
  return state.kind !== 'idle';
}

/** How much was captured until now, milliseconds. */
export function capturedMs(state: SessionState, nowMs: number): number {
  switch (state.kind) {
    case 'idle':
    case 'starting':
      return 0;
    case 'recording':
      return state.beforeMs + Math.max(0, nowMs - state.sinceMs);
    case 'paused':
    case 'lost':
      return state.capturedMs;
  }
}
