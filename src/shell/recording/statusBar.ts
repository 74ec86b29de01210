import {
  Disposable,
  l10n,
  MarkdownString,
  StatusBarAlignment,
  window,
  workspace,
  type Memento,
  type StatusBarItem,
} from 'vscode';
import { levelBlock } from '../../core/capture/levelBars';
import { isCapturing, type SessionPurpose, type SessionState } from '../../core/capture/session';
import { COMMANDS } from '../contributed/commands';
import { hasScreenReader } from '../contributed/settings';
import type { RecordingSession } from './recordingSession';
import { lookOf, type Look } from './statusLook';
import type { WorkState } from './workState';

/** How often the item may change: a level that moves, and the seconds. */
const TICK_MS = 250;
/** How many moments of the level are shown beside each other. */
const LEVEL_BLOCKS = 4;
/**
 * Where the window is narrow, the right side loses its items from the left, those of high priority first (`flex-direction: row-reverse` with
 * `flex-wrap` in the workbench). So this one stands as far to the right as can be, before the bell, and goes last.
 */
const PRIORITY = -10_000;
/** Kept for all windows: something was recorded once, so the item need not say what it is. */
const HAS_RECORDED = 'minutes.hasRecorded';

/**
 * The microphone in the status bar. It shows what is recorded, and beside it whether an earlier recording becomes text; a click starts or
 * ends a recording.
 */
export class StatusBar implements Disposable {
  private readonly item: StatusBarItem = window.createStatusBarItem(
    'minutes.status',
    StatusBarAlignment.Right,
    PRIORITY,
  );
  private readonly subscriptions: Disposable;
  private ticking: NodeJS.Timeout | undefined;
  private levels: readonly string[] = [];
  private shown: Look | undefined;
  private tooltipOf: string | undefined;

  constructor(
    private readonly session: RecordingSession,
    private readonly work: WorkState,
    private readonly memory: Memento,
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
    const isRecording = this.session.state.kind === 'recording';
    if (isRecording && this.isNew) void this.memory.update(HAS_RECORDED, true);
    if (!isRecording) this.levels = [];
    this.show();
    if (!isRecording) return;
    this.ticking = setInterval(() => {
      const { level } = this.session;
      if (level) this.levels = [...this.levels, levelBlock(level)].slice(-LEVEL_BLOCKS);
      this.show();
    }, TICK_MS);
  }

  private get isNew(): boolean {
    return this.memory.get<boolean>(HAS_RECORDED) !== true;
  }

  private show(): void {
    const { state, isMuted } = this.session;
    const level = mayMove() ? this.levels.join('') : '';
    const look = lookOf({ state, isMuted, level, work: this.work.state, isNew: this.isNew });
    // Each change is a message to the window.
    if (look.text !== this.shown?.text) this.item.text = look.text;
    if (look.label !== this.shown?.label) this.item.accessibilityInformation = { label: look.label, role: 'button' };
    if (look.command !== this.shown?.command) this.item.command = look.command;
    if (look.background?.id !== this.shown?.background?.id) this.item.backgroundColor = look.background;
    this.shown = look;
    this.showTooltip(look.hint, state);
  }

  private showTooltip(hint: string, state: SessionState): void {
    const links = linksFor(state);
    const text = `**Minutes** – ${hint}\n\n${links.map(([title, id]) => `[${title}](command:${id})`).join(' · ')}`;
    if (text === this.tooltipOf) return;
    this.tooltipOf = text;
    const tooltip = new MarkdownString(text);
    // Its links can run only these commands, whatever its text holds.
    tooltip.isTrusted = { enabledCommands: links.map(([, id]) => id) };
    this.item.tooltip = tooltip;
  }
}

/** Whether a level may move: not where the user wants less motion, nor where a screen reader would read it. */
function mayMove(): boolean {
  return workspace.getConfiguration('workbench').get('reduceMotion') !== 'on' && !hasScreenReader();
}

type Link = readonly [title: string, command: string];

function linksFor(state: SessionState): readonly Link[] {
  const recorded: SessionPurpose | undefined = isCapturing(state) ? state.purpose : undefined;
  const dictation: Link =
    recorded === 'dictation'
      ? [l10n.t('Stop Dictation'), COMMANDS.stopDictation]
      : [l10n.t('Dictate'), COMMANDS.dictate];
  const meeting: readonly Link[] =
    recorded === 'meeting'
      ? [[l10n.t('Stop Meeting'), COMMANDS.stopMeeting], pauseLink(state), [l10n.t('Mute'), COMMANDS.muteMicrophone]]
      : [[l10n.t('Record Meeting'), COMMANDS.recordMeeting]];
  return [
    dictation,
    ...meeting,
    [l10n.t('Choose Microphone…'), COMMANDS.chooseMicrophone],
    [l10n.t('Transcribe File'), COMMANDS.transcribeFile],
    [l10n.t('Show Recordings'), COMMANDS.showRecordings],
  ];
}

function pauseLink({ kind }: SessionState): Link {
  return kind === 'paused' ? [l10n.t('Resume'), COMMANDS.resumeMeeting] : [l10n.t('Pause'), COMMANDS.pauseMeeting];
}
