import { l10n, ThemeColor } from 'vscode';
import { capturedMs, isCapturing, type CapturingState, type SessionState } from '../../core/capture/session';
import type { Work } from '../../core/capture/work';
import { formatElapsed } from '../../core/notes/timestamps';
import { COMMANDS } from '../contributed/commands';

/** Opens the list of notifications, where the progress of a transcription stands. */
const SHOW_PROGRESS = 'notifications.showList';

/** What the status bar's item shows. */
export interface Look {
  readonly text: string;
  readonly hint: string;
  /** What a screen reader says. */
  readonly label: string;
  readonly background?: ThemeColor;
  /** What a click runs. */
  readonly command: string;
}

/** What the look depends on. */
export interface Shown {
  readonly state: SessionState;
  readonly work: Work;
  readonly isMuted: boolean;
  /** How loud it is, as blocks; empty where nothing should move. */
  readonly level: string;
  /** Whether nothing was ever recorded here. */
  readonly isNew: boolean;
}

/** The look of the item. */
export function lookOf(shown: Shown): Look {
  const { state, work } = shown;
  return isCapturing(state) ? lookOfCapture(state, shown) : lookOfWork(work, shown.isNew);
}

/** Extensions may have the colours of errors and warnings only. So words tell what they mean: REC, PAUSED. */
function lookOfCapture(state: CapturingState, shown: Shown): Look {
  const isMeeting = state.purpose === 'meeting';
  const command = isMeeting ? COMMANDS.recordMeeting : COMMANDS.dictate;
  const elapsed = formatElapsed(capturedMs(state, Date.now()));
  const background = new ThemeColor('statusBarItem.errorBackground');
  switch (state.kind) {
    case 'starting':
      return {
        text: '$(mic-filled) …',
        hint: l10n.t('The microphone opens'),
        label: l10n.t('Minutes: the microphone opens'),
        command,
      };
    case 'paused':
      return {
        text: `$(debug-pause) ${l10n.t('PAUSED')} ${elapsed}`,
        hint: l10n.t('Go on with the meeting'),
        label: l10n.t('Minutes: the meeting is paused at {0}; go on', elapsed),
        background: new ThemeColor('statusBarItem.warningBackground'),
        command: COMMANDS.resumeMeeting,
      };
    case 'lost':
      return {
        text: `$(warning) ${l10n.t('NO MICROPHONE')} ${elapsed}`,
        hint: l10n.t('The microphone is gone; it is tried again. Click to stop'),
        label: l10n.t('Minutes: the microphone is gone at {0}; stop', elapsed),
        background,
        command,
      };
    case 'recording':
      return { ...(isMeeting ? ofMeeting(elapsed, shown) : ofDictation(elapsed, shown.work)), background, command };
  }
}

function ofMeeting(elapsed: string, { work, isMuted, level }: Shown): Pick<Look, 'text' | 'hint' | 'label'> {
  const parts = [
    isMuted ? '$(mute)' : '$(record)',
    l10n.t('REC'),
    elapsed,
    isMuted ? l10n.t('muted') : level,
    spin(work),
  ];
  return {
    text: parts.filter((part) => part !== '').join(' '),
    hint: l10n.t('Stop the meeting'),
    label: isMuted
      ? l10n.t('Minutes: recording a meeting, {0}, the microphone is muted; stop', elapsed)
      : l10n.t('Minutes: recording a meeting, {0}; stop', elapsed),
  };
}

function ofDictation(elapsed: string, work: Work): Pick<Look, 'text' | 'hint' | 'label'> {
  return {
    text: ['$(mic-filled)', elapsed, spin(work)].filter((part) => part !== '').join(' '),
    hint: l10n.t('Stop and insert; Escape discards'),
    label:
      work.underWay === 0
        ? l10n.t('Minutes: recording, {0}', elapsed)
        : l10n.t('Minutes: recording, {0}; an earlier recording is being transcribed', elapsed),
  };
}

/** That an earlier recording still becomes text. */
function spin({ underWay }: Work): string {
  return underWay > 0 ? '$(loading~spin)' : '';
}

/** The look while nothing is recorded. */
function lookOfWork({ underWay, hasFailed, share }: Work, isNew: boolean): Look {
  if (underWay > 0 && share !== undefined) {
    const percent = Math.floor(share * 100);
    return {
      text: `$(loading~spin) ${l10n.t('Transcribing {0} %', percent)}`,
      hint: l10n.t('The recording becomes text. Click to see how far it is'),
      label: l10n.t('Minutes: transcribing, {0} percent; show progress', percent),
      command: SHOW_PROGRESS,
    };
  }
  if (underWay > 0) {
    return {
      text: `$(loading~spin) ${l10n.t('Transcribing')}`,
      hint: l10n.t('The recording becomes text. Click to dictate meanwhile'),
      label: l10n.t('Minutes: transcribing; dictate'),
      command: COMMANDS.dictate,
    };
  }
  if (hasFailed) {
    return {
      text: `$(warning) ${l10n.t('Minutes')}`,
      hint: l10n.t('The last recording failed. Click to dictate again'),
      label: l10n.t('Minutes: the last recording failed; dictate'),
      background: new ThemeColor('statusBarItem.warningBackground'),
      command: COMMANDS.dictate,
    };
  }
  return {
    text: isNew ? `$(mic) ${l10n.t('Minutes')}` : '$(mic)',
    hint: l10n.t('Dictate'),
    label: l10n.t('Minutes: dictate'),
    command: COMMANDS.dictate,
  };
}
