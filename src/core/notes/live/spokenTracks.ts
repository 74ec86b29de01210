import { isEcho } from '../../transcript/echoes';
import type { LiveWord } from '../../transcription/liveWords';
import { SpokenWords } from './spokenWords';

/** What is being said on each track of a meeting, before it is in the note. */
export class SpokenTracks {
  private readonly tracks = new Map<number, SpokenWords>();
  private readonly answeredS = new Map<number, number>();
  private writtenS: ReadonlyMap<number, number> = new Map<number, number>();

  /** How far all tracks were heard, in seconds; 0 before anything was. */
  get heardS(): number {
    const heard = [...this.tracks.values()].map(({ heardS }) => heardS);
    return heard.length === 0 ? 0 : Math.min(...heard);
  }

  /** More was heard on a track: see {@link SpokenWords.take}. */
  take(track: number, settled: readonly LiveWord[], tentative: readonly LiveWord[], heardS: number): void {
    let words = this.tracks.get(track);
    if (!words) this.tracks.set(track, (words = new SpokenWords()));
    words.take(settled, tentative, heardS);
  }

  /** The log has a track's text until this time, in seconds. */
  answered(track: number, untilS: number): void {
    this.answeredS.set(track, untilS);
  }

  /** How far each track's text is in the log now. */
  get answeredUntilS(): ReadonlyMap<number, number> {
    return new Map(this.answeredS);
  }

  /** The note has each track's text until this time: an {@link answeredUntilS} of before. */
  written(untilS: ReadonlyMap<number, number>): void {
    this.writtenS = untilS;
  }

  /**
   * The words that the note does not have, track by track; who began first comes first. What the microphone hears of a loudspeaker is left
   * out.
   */
  get behind(): readonly LiveWord[] {
    const spoken = [...this.tracks].map(([track, words]) => ({
      track,
      words: words.behind(this.writtenS.get(track) ?? 0),
    }));
    const others = spoken
      .filter(({ track }) => track > 0)
      .flatMap(({ words }) => words)
      .toSorted((a, b) => a.startS - b.startS);
    return spoken
      .filter(({ track, words }) => track > 0 || !isEcho(words, others))
      .toSorted((a, b) => (a.words[0]?.startS ?? 0) - (b.words[0]?.startS ?? 0))
      .flatMap(({ words }) => words);
  }

  /** Nothing is being said any more. */
  clear(): void {
    for (const words of this.tracks.values()) words.clear();
  }
}
