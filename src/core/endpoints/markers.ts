import { WITHOUT_BLANKS } from '../text/blanks';
import { LANGUAGES } from './languages';

/** Tags of Whisper (`<|en|>`, `<|2.00|>`) and SenseVoice (`<|NEUTRAL|>`), one after the other, that a server did not take out. */
const TAGS = /(?:<\|[^<>|]*\|> ?)+/g;
/** What whisper.cpp writes for silence. Nobody says this, so it is removed wherever it stands. */
const BLANK_AUDIO = / ?\[ ?BLANK[_ ]AUDIO ?\]/gi;

/**
 * A mark in square brackets: `[MUSIC PLAYING]`, `[ Silence ]`, `[Musik]`. No model writes what was said in square brackets, whatever the
 * language, so the words need not be known. Digits and signs are no part of a mark: `[1]` and `[x, y]` may be dictated. Nor is a long text,
 * lest a whole sentence is lost; the longest known marks have about thirty characters.
 */
const IN_SQUARE_BRACKETS = /[[［][\p{L}\p{M}\s_]{1,60}[\]］]/gu;
/** What stands in round brackets or between asterisks may have been said; it is a mark only where its words are known. */
const IN_ROUND_BRACKETS = /[(（]([^()（）]{1,60})[)）]/gu;
const BETWEEN_ASTERISKS = /\*([^*]{1,60})\*/gu;
/** Music; the last is SenseVoice's. */
const NOTES = /[♩♪♫♬🎵🎶🎼]/gu;

/** Names of sounds, as subtitles have them: the training data of these models. */
const SOUNDS: ReadonlySet<string> = new Set(
  [
    'applause breathing cheering chuckles clapping coughing coughs inaudible laughing laughs laughter music noise sighs silence',
    'applaus beifall gelächter geräusch geräusche husten lachen lacht musik rauschen stille unverständlich',
    'applaudissements bruit musique rires silence toux',
    'aplausos música musica risas ruido silencio tos',
    'applausi musica risate rumore silenzio',
    'risos ruído silêncio',
    'gelach muziek stilte',
    'cisza muzyka oklaski śmiech',
    'аплодисменты музыка смех тишина',
    '音楽 拍手 笑 笑い 無音',
    '音乐 音樂 掌声 掌聲 笑声 笑聲 静音 靜音',
    '음악 박수 웃음 침묵',
  ].flatMap((words) => words.split(' ')),
);
/** Words that stand with them. */
const KINDS_OF_SOUND: ReadonlySet<string> = new Set(
  'and audience background calm crowd dramatic gentle light loud playing quiet soft upbeat'.split(' '),
);

/** What was said, without what is no part of it: tags, marks of silence, a half of a character (`\ud83d` alone), returns of a carriage. */
export function cleanText(text: string): string {
  const whole = text.toWellFormed().replace(/\r\n?/g, '\n');
  return whole.replace(TAGS, blankFor).replace(BLANK_AUDIO, '').trim();
}

/** Where tags part two words, a blank does. */
function blankFor(tags: string, at: number, text: string): string {
  const [before, behind] = [text.charAt(at - 1), text.charAt(at + tags.length)];
  if (before.trim() === '' || behind.trim() === '') return '';
  return tags.endsWith(' ') || !(WITHOUT_BLANKS.test(before) || WITHOUT_BLANKS.test(behind)) ? ' ' : '';
}

/** The code of the first tag that is one of a language. */
export function taggedLanguage(text: string): string | undefined {
  for (const [, tag = ''] of text.matchAll(/<\|([a-z]{2,3})\|>/g)) if (LANGUAGES.has(tag)) return tag;
  return undefined;
}

/** Whether a text is nothing but marks of sounds, or of silence: nothing was said there. */
export function isMarker(text: string): boolean {
  const rest = text
    .replace(IN_SQUARE_BRACKETS, (mark) => (/\p{L}/u.test(mark) ? '' : mark))
    .replace(IN_ROUND_BRACKETS, (mark, words: string) => (areSounds(words) ? '' : mark))
    .replace(BETWEEN_ASTERISKS, (mark, words: string) => (areSounds(words) ? '' : mark))
    .replace(NOTES, '');
  return rest !== text && !/[\p{L}\p{N}]/u.test(rest);
}

function areSounds(text: string): boolean {
  const words = text
    .toLowerCase()
    .split(/[^\p{L}\p{M}]+/u)
    .filter((word) => word !== '');
  return words.some((word) => SOUNDS.has(word)) && words.every((word) => SOUNDS.has(word) || KINDS_OF_SOUND.has(word));
}
