import { l10n, type Disposable, type TextDocument, type Uri } from 'vscode';
import { samplesToSeconds, secondsToSamples } from '../../../core/audio/pcm';
import { SpokenTracks } from '../../../core/notes/live/spokenTracks';
import { formatShortTime } from '../../../core/notes/timestamps';
import type { Chunk } from '../../../core/model';
import type { PlacedBlock, TranscriptEntry } from '../../../core/transcript/logEntries';
import type { TranscriptionEvent } from '../../../core/transcription/fileTranscriber';
import { fileName } from '../../editor/localFiles';
import { meetingWords } from '../../notes/meetingWords';
import type { RunLog } from '../../transcripts/runLog';
import { showInformation, showWarning } from '../../words/messages';
import { plain } from '../../words/remedies';
import { LiveNote } from './liveNote';
import { TentativeWords } from './tentativeWords';

/** Text that comes later than this is told to be behind. Where nobody pauses, a stretch of 28 s is sent as a whole. */
const BEHIND_S = 35;
const LOOK_EVERY_MS = 1000;
/** Both tracks hear a loudspeaker's sentence end at once, and the engine needs about so long for one of them. */
const ECHO_MS = 1500;

/** A meeting that is recorded, as its note shows it. */
export class LiveMeeting implements Disposable {
  readonly note: LiveNote;
  private readonly words: TentativeWords;
  private readonly looking: NodeJS.Timeout;
  private readonly spoken = new SpokenTracks();
  private waiting: NodeJS.Timeout | undefined;
  private hasTold = false;

  /**
   * @param document the note's, as it is now
   * @param recordedS how much was recorded so far, in seconds; undefined while nothing is
   */
  constructor(
    document: TextDocument,
    private readonly kept: RunLog,
    private readonly recordedS: () => number | undefined,
  ) {
    this.note = new LiveNote(document, kept, meetingWords(), recordedS, {
      onMadeAgain: () => {
        void showInformation(plain(l10n.t('Note made again: {0} was deleted.', fileName(this.note.uri))));
      },
      onRefused: () => {
        this.tellRefused();
      },
      onChanged: () => {
        this.show();
      },
    });
    this.words = new TentativeWords(this.note);
    this.looking = setInterval(() => {
      this.sayBehind();
    }, LOOK_EVERY_MS);
    // What an earlier window has heard.
    void this.note.update();
  }

  get uri(): Uri {
    return this.note.uri;
  }

  dispose(): void {
    clearInterval(this.looking);
    clearTimeout(this.waiting);
    this.words.dispose();
    this.note.dispose();
  }

  /** The transcription came further. */
  onEvent(event: TranscriptionEvent): void {
    if (event.kind === 'words') {
      this.spoken.take(event.track ?? 0, event.settled, event.tentative, event.heardS);
      this.show();
    } else if (event.kind === 'transcribed') this.transcribed(event.track ?? 0, event.chunk);
  }

  /** With a second source, the microphone's text waits a moment: it may be what the loudspeaker said, which that source has too. */
  private transcribed(track: number, { endSample }: Chunk): void {
    this.spoken.answered(track, samplesToSeconds(endSample));
    clearTimeout(this.waiting);
    if (track > 0 || this.kept.log.trackCount === 1) void this.write();
    else this.waiting = setTimeout(() => void this.write(), ECHO_MS);
  }

  private async write(): Promise<void> {
    const { answeredUntilS } = this.spoken;
    await this.note.update();
    this.spoken.written(answeredUntilS);
    this.show();
  }

  /** Something happened besides speech: the log learns it, and the note shows it. */
  async happened(...entries: readonly TranscriptEntry[]): Promise<void> {
    await this.kept.append(...entries);
    await this.note.update();
  }

  /** Marks this moment, which it returns in seconds from the start. Undefined while nothing is recorded. */
  async mark(): Promise<number | undefined> {
    const atS = this.recordedS();
    if (atS !== undefined) await this.happened({ kind: 'marked', atS, text: '' });
    return atS;
  }

  /** Nothing is being said any more. */
  endWords(): void {
    clearInterval(this.looking);
    this.spoken.clear();
    this.words.say('');
    this.words.show([]);
  }

  /** As {@link LiveNote.finish}. */
  finish(finished: readonly PlacedBlock[]): Promise<boolean> {
    this.endWords();
    return this.note.finish(finished);
  }

  private show(): void {
    this.words.show(this.spoken.behind.map(({ text }) => text));
  }

  /** Says how far the text is behind: from the first stretch that has no answer, or from what the engine has heard. */
  private sayBehind(): void {
    const recordedS = this.recordedS() ?? 0;
    const [waiting] = this.kept.log.pending(secondsToSamples(this.note.shownS));
    const { heardS } = this.spoken;
    const fromS = waiting ? samplesToSeconds(waiting.startSample) : heardS > 0 ? heardS : recordedS;
    const behindS = recordedS - fromS;
    this.words.say(behindS > BEHIND_S ? l10n.t('{0} behind', formatShortTime(behindS)) : '');
  }

  private tellRefused(): void {
    if (this.hasTold) return;
    this.hasTold = true;
    const text = l10n.t(
      'Note cannot be changed: {0}. Its text is kept and comes as soon as it can.',
      fileName(this.uri),
    );
    void showWarning(plain(text));
  }
}
