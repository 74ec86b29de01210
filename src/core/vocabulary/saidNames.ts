import { WITHOUT_BLANKS } from '../text/blanks';

/** A letter, a sign on one, or a digit: what a name may not run on into. */
const WORD = '[\\p{L}\\p{M}\\p{N}]';
/** Shorter first names are initials, or words of some language. */
const SHORTEST_NAME = 2;
/** Scripts whose names run on into other words: those without blanks, and Korean, which puts endings behind a name. */
const RUNS_ON = new RegExp(`${WITHOUT_BLANKS.source}|\\p{scx=Hangul}`, 'u');
/** First names that are months as well: alone they mean those. */
const MONTHS: ReadonlySet<string> = new Set(['April', 'May', 'June', 'August']);
/** First names that are words as well. With a capital at a sentence's start they are those words. */
const WORDS: ReadonlySet<string> = new Set(
  `Angel Art Bill Chance Chase Christian Dawn Dean Drew Earl Faith Frank Gene Grace Grant Guy Harry Hope Hunter Iris Ivy Jack Joy
  King Lance Lily Mark Max Miles Nick Page Pat Pearl Penny Pierce Prince Ray Rich Rob Robin Rose Ruby Sandy Skip Sky Sue Summer Will`.split(
    /\s+/,
  ),
);
/** What stands before a word that begins a sentence. */
const SENTENCE_START = '(?:^|[.!?…:\\n\\]"“„»(-])\\s*';

/**
 * Those of the known people whose names were said: the whole name, or a first name that one known person alone has. A name counts where
 * its first letter is as it is written, so that "will" and "mark" are no people. The order is that of `people`; each name occurs once.
 *
 * @param text what was said
 */
export function saidNames(text: string, people: readonly string[]): string[] {
  const said = text.normalize('NFC');
  const known = [...new Set(people.map((name) => name.normalize('NFC').replace(/\s+/g, ' ').trim()))];
  const firstNames = known.map(firstNameOf);
  return known.filter((name, index) => {
    if (isSaid(name, said)) return true;
    const first = firstNames[index];
    return first !== undefined && firstNames.filter((other) => other === first).length === 1 && isSaid(first, said);
  });
}

/** Undefined where the name has one part only, or its first part is an initial. */
function firstNameOf(name: string): string | undefined {
  const [first = '', ...others] = name.split(' ');
  return others.length > 0 && !first.endsWith('.') ? first : undefined;
}

function isSaid(name: string, text: string): boolean {
  if (Array.from(name).length < SHORTEST_NAME || MONTHS.has(name) || !/^[\p{Lu}\p{Lo}]/u.test(name)) return false;
  // The letters behind the first may differ in case: Whisper writes "Mcdonald" for "McDonald".
  const [first = '', ...rest] = Array.from(name);
  const tail = rest.map((sign) => (sign === ' ' ? '\\s+' : anyCase(sign))).join('');
  const notAtStart = WORDS.has(name) ? `(?<!${SENTENCE_START})` : '';
  const isOpen = RUNS_ON.test(name);
  const [before, behind] = isOpen ? ['', ''] : [`(?<!${WORD})${notAtStart}`, `(?!${WORD})`];
  return new RegExp(`${before}${escaped(first)}${tail}${behind}`, 'u').test(text);
}

function anyCase(sign: string): string {
  const [lower, upper] = [sign.toLowerCase(), sign.toUpperCase()];
  return lower === upper ? escaped(sign) : `(?:${escaped(lower)}|${escaped(upper)})`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
