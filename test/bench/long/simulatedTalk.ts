import { SAMPLE_RATE_HZ, type Word } from '../../../src/core/model';
import { secondsToSamples } from '../../../src/core/audio/pcm';
import type { SpeechFile } from '../../speech';
import { isEnglish } from '../engine/testFiles';

/** A word of a simulated talk, with its true time. */
export interface TalkWord extends Word {
  /** Whether a sentence ends behind it. */
  readonly isLast: boolean;
}

/** A length that is spoken in a letter and in a word besides, in seconds: together about 2.6 words a second. */
const LETTER_S = 0.05;
const WORD_S = 0.1;
/** Between words: too short for a pause. */
const SHORTEST_GAP_S = 0.03;
const LONGEST_GAP_S = 0.12;
/** Between sentences, where the speaker pauses. */
const SHORTEST_PAUSE_S = 0.3;
const LONGEST_PAUSE_S = 1.5;
/** A speaker draws breath after so many words, whatever the sentence. */
const LONGEST_SENTENCE_WORDS = 24;

/** Samples' highest values while somebody speaks, and between words. */
const SPEECH_LEVEL = 3000;
const ROOM_LEVEL = 30;
const BLOCK_SAMPLES = 16_000;

/**
 * A talk of real sentences in random order: what was said in the English recordings, again and again.
 *
 * @param hasPauses whether the speaker pauses between sentences
 */
export function simulateTalk(
  manifest: readonly SpeechFile[],
  lengthS: number,
  hasPauses: boolean,
  random: () => number,
): TalkWord[] {
  const sentences = manifest.filter(isEnglish).flatMap(({ reference = '' }) => sentencesOf(reference));
  const talk: TalkWord[] = [];
  let atS = 0;
  while (atS < lengthS) {
    const sentence = sentences[Math.floor(random() * sentences.length)] ?? [];
    for (const [i, text] of sentence.entries()) {
      const startS = atS + between(SHORTEST_GAP_S, LONGEST_GAP_S, random);
      atS = startS + WORD_S + text.length * LETTER_S * (0.7 + 0.6 * random());
      talk.push({ text, startS, endS: atS, isLast: i === sentence.length - 1 });
    }
    if (hasPauses) atS += between(SHORTEST_PAUSE_S, LONGEST_PAUSE_S, random);
  }
  return talk.filter(({ endS }) => endS < lengthS);
}

function sentencesOf(text: string): string[][] {
  const sentences: string[][] = [];
  let open: string[] = [];
  for (const word of text.split(/\s+/).filter((one) => /[\p{L}\p{N}]/u.test(one))) {
    open.push(word);
    if (!/[.?!]["”]?$/.test(word) && open.length < LONGEST_SENTENCE_WORDS) continue;
    sentences.push(open);
    open = [];
  }
  return open.length > 0 ? [...sentences, open] : sentences;
}

function between(least: number, most: number, random: () => number): number {
  return least + (most - least) * random();
}

/** The talk as sound: noise that is loud while a word is said. */
export async function* soundOf(talk: readonly TalkWord[], random: () => number): AsyncGenerator<Int16Array> {
  const endSample = secondsToSamples(talk.at(-1)?.endS ?? 0);
  // Noise that is made once: a new random number for each of 64 million samples would take longer than all else.
  const noise = Float32Array.from({ length: SAMPLE_RATE_HZ * 2 }, () => 2 * random() - 1);
  let next = 0;
  for (let start = 0; start < endSample; start += BLOCK_SAMPLES) {
    const block = new Int16Array(Math.min(BLOCK_SAMPLES, endSample - start));
    for (let i = 0; i < block.length; i++) {
      const atS = (start + i) / SAMPLE_RATE_HZ;
      while ((talk[next]?.endS ?? Infinity) <= atS) next++;
      const level = (talk[next]?.startS ?? Infinity) <= atS ? SPEECH_LEVEL : ROOM_LEVEL;
      block[i] = level * (noise[(start + i) % noise.length] ?? 0);
    }
    yield await Promise.resolve(block);
  }
}
