import { Disposable, l10n, MarkdownString, StatusBarAlignment, ThemeColor, window, type StatusBarItem } from 'vscode';
import { formatElapsed } from '../../core/notes/timestamps';
import { isCapturing, type SessionPurpose, type SessionState } from '../../core/capture/session';
import type { Work } from '../../core/capture/work';
import { COMMANDS } from '../contributed/commands';
import type { RecordingSession } from './recordingSession';
import type { WorkState } from './workState';

const TICK_MS = 1000;

/** What the item shows. */
interface Look {
  readonly text: string;
  readonly hint: string;
  readonly label: string;
  readonly background?: ThemeColor;
}

/**
 * The microphone in the status bar. It shows what is recorded, and beside it whether an earlier recording becomes text; a click starts or
 * ends a recording.
 */
export class StatusBar implements Disposable {
  private readonly item: StatusBarItem = window.createStatusBarItem('minutes.status', StatusBarAlignment.Right, 100);
  private readonly subscriptions: Disposable;
  private ticking: NodeJS.Timeout | undefined;

  constructor(
    private readonly session: RecordingSession,
    private readonly work: WorkState,
  ) {
    this.item.name = 'Minutes';
    const update = (): void => {
      this.update();
    };
    this.subscriptions = Disposable.from(session.onDidChange(update), work.onDidChange(update));
    this.update();
    this.item.show();
  }

  dispose(): void {
    clearInterval(this.ticking);
    this.subscriptions.dispose();
    this.item.dispose();
  }

  private update(): void {
    clearInterval(this.ticking);
    this.show();
    if (this.session.state.kind === 'recording') {
      this.ticking = setInterval(() => {
        this.show();
      }, TICK_MS);
    }
  }

  private show(): void {
    const { state } = this.session;
    const { text, hint, label, background } = look(state, this.work.state);
    this.item.text = text;
    this.item.accessibilityInformation = { label, role: 'button' };
    this.item.tooltip = tooltip(hint, isCapturing(state) ? state.purpose : undefined);
    this.item.backgroundColor = background;
    const isMeeting = isCapturing(state) && state.purpose === 'meeting';
    this.item.command = isMeeting ? COMMANDS.recordMeeting : COMMANDS.dictate;
  }
}

function look(state: SessionState, work: Work): Look {
  switch (state.kind) {
    case 'idle':
      return lookOfWork(work);
    case 'starting':
      return {
        text: '$(mic-filled) …',
        hint: l10n.t('The microphone opens'),
        label: l10n.t('Minutes: the microphone opens'),
      };
    case 'recording': {
      const elapsed = formatElapsed(Date.now() - state.sinceMs);
      const icon = state.purpose === 'meeting' ? '$(record)' : '$(mic-filled)';
      const hint =
        state.purpose === 'meeting' ? l10n.t('Stop the meeting') : l10n.t('Stop and insert; Escape discards');
      const background = new ThemeColor('statusBarItem.errorBackground');
      if (work.underWay === 0) {
        return { text: `${icon} ${elapsed}`, hint, label: l10n.t('Minutes: recording, {0}', elapsed), background };
      }
      const label = l10n.t('Minutes: recording, {0}; an earlier recording is being transcribed', elapsed);
      return { text: `${icon} ${elapsed} $(loading~spin)`, hint, label, background };
    }
  }
}

/** The look while nothing is recorded. */
function lookOfWork({ underWay, hasFailed }: Work): Look {
  if (underWay > 0) {
    return {
      text: `$(loading~spin) ${l10n.t('Transcribing')}`,
      hint: l10n.t('The recording becomes text. Click to dictate meanwhile'),
      label: l10n.t('Minutes: transcribing'),
    };
  }
  if (hasFailed) {
    return {
      text: `$(warning) ${l10n.t('Minutes')}`,
      hint: l10n.t('The last recording failed. Click to dictate again'),
      label: l10n.t('Minutes: the last recording failed'),
      background: new ThemeColor('statusBarItem.warningBackground'),
    };
  }
  return { text: '$(mic)', hint: l10n.t('Dictate'), label: l10n.t('Minutes: dictate') };
}

/** The tooltip. Its links can run only these commands, whatever its text holds. */
function tooltip(hint: string, recorded: SessionPurpose | undefined): MarkdownString {
  const dictation =
    recorded === 'dictation'
      ? ([l10n.t('Stop Dictation'), COMMANDS.stopDictation] as const)
      : ([l10n.t('Dictate'), COMMANDS.dictate] as const);
  const meeting =
    recorded === 'meeting'
      ? ([l10n.t('Stop Meeting'), COMMANDS.stopMeeting] as const)
      : ([l10n.t('Record Meeting'), COMMANDS.recordMeeting] as const);
  const links = [
    dictation,
    meeting,
    [l10n.t('Transcribe File'), COMMANDS.transcribeFile],
    [l10n.t('Show Recordings'), COMMANDS.showRecordings],
  ] as const;
  const text = new MarkdownString(
    `**Minutes** – ${hint}\n\n${links.map(([title, id]) => `[${title}](command:${id})`).join(' · ')}`,
  );
  text.isTrusted = { enabledCommands: links.map(([, id]) => id) };
  return text;
}
