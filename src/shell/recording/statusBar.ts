import {
  l10n,
  MarkdownString,
  StatusBarAlignment,
  ThemeColor,
  window,
  type Disposable,
  type StatusBarItem,
} from 'vscode';
import { formatElapsed } from '../../core/notes/timestamps';
import type { SessionState } from '../../core/capture/session';
import { COMMANDS } from '../contributed/commands';
import type { RecordingSession } from './recordingSession';

const TICK_MS = 1000;

/** The microphone in the status bar. It shows what Minutes is doing; a click starts or ends a recording. */
export class StatusBar implements Disposable {
  private readonly item: StatusBarItem = window.createStatusBarItem('minutes.status', StatusBarAlignment.Right, 100);
  private readonly subscription: Disposable;
  private ticking: NodeJS.Timeout | undefined;

  constructor(private readonly session: RecordingSession) {
    this.item.name = 'Minutes';
    this.subscription = session.onDidChange(() => {
      this.update();
    });
    this.update();
    this.item.show();
  }

  dispose(): void {
    clearInterval(this.ticking);
    this.subscription.dispose();
    this.item.dispose();
  }

  private update(): void {
    const { state } = this.session;
    clearInterval(this.ticking);
    this.show(state);
    if (state.kind === 'recording') {
      this.ticking = setInterval(() => {
        this.show(state);
      }, TICK_MS);
    }
  }

  private show(state: SessionState): void {
    const { text, hint, label } = look(state);
    this.item.text = text;
    this.item.accessibilityInformation = { label, role: 'button' };
    this.item.tooltip = tooltip(hint);
    this.item.backgroundColor = background(state);
    this.item.command =
      state.kind === 'transcribing' ? undefined : isMeeting(state) ? COMMANDS.recordMeeting : COMMANDS.dictate;
  }
}

function look(state: SessionState): { text: string; hint: string; label: string } {
  switch (state.kind) {
    case 'idle':
      return { text: '$(mic)', hint: l10n.t('Dictate'), label: l10n.t('Minutes: dictate') };
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
      return { text: `${icon} ${elapsed}`, hint, label: l10n.t('Minutes: recording, {0}', elapsed) };
    }
    case 'transcribing':
      return {
        text: `$(loading~spin) ${l10n.t('Transcribing')}`,
        hint: l10n.t('The recording becomes text'),
        label: l10n.t('Minutes: transcribing'),
      };
    case 'failed':
      return {
        text: `$(warning) ${l10n.t('Minutes')}`,
        hint: l10n.t('The last recording failed. Click to dictate again'),
        label: l10n.t('Minutes: the last recording failed'),
      };
  }
}

function background(state: SessionState): ThemeColor | undefined {
  if (state.kind === 'recording') return new ThemeColor('statusBarItem.errorBackground');
  return state.kind === 'failed' ? new ThemeColor('statusBarItem.warningBackground') : undefined;
}

function isMeeting(state: SessionState): boolean {
  return (state.kind === 'starting' || state.kind === 'recording') && state.purpose === 'meeting';
}

/** The tooltip. Its links can run only these commands, whatever its text holds. */
function tooltip(hint: string): MarkdownString {
  const links = [
    [l10n.t('Dictate'), COMMANDS.dictate],
    [l10n.t('Record Meeting'), COMMANDS.recordMeeting],
    [l10n.t('Transcribe File'), COMMANDS.transcribeFile],
    [l10n.t('Show Recordings'), COMMANDS.showRecordings],
  ] as const;
  const text = new MarkdownString(
    `**Minutes** – ${hint}\n\n${links.map(([title, id]) => `[${title}](command:${id})`).join(' · ')}`,
  );
  text.isTrusted = { enabledCommands: links.map(([, id]) => id) };
  return text;
}
