import { splitHumps } from './splitHumps';

/** A string at least this long and without readable parts counts as a key, a hash or a password. For shorter strings only the digits count. */
const SHORTEST_KEY = 5;

/** The least share of letters in parts that can be said: in words that people made, most letters lie in such parts. */
const LEAST_READABLE_SHARE = 0.7;

/** The longest run of digits in a word that is said: a year. */
const LONGEST_NUMBER = 4;

/** How keys begin, from their makers' documentation: OpenAI and others, Stripe, GitHub, GitLab, Slack, AWS, Google, npm, Groq, Hugging Face, JWT. */
const KEY_PREFIX =
  /^(sk|pk|rk)[-_]|^gh[opsur]_|^github_pat|^glpat|^xox[a-z]-|^(AKIA|ASIA)[A-Z0-9]{8}|^AIza|^npm_[A-Za-z0-9]{12}|^gsk_|^hf_[A-Za-z0-9]{12}|^eyJ[A-Za-z0-9]/;

/** Parts of two letters and parts without a vowel that programmers write every day. In lower case. */
const SHORT_PARTS = new Set(
  (
    'an arg argv as at be by cb cd ci cm cp db de do ds dx en fd ffmpeg fn fs gb go gt hz id if in io ip is it js kb kw lt mb me ml mr ms my nd ng no ns of ' +
    'ok on op or os pi ps px py rb re rs rx sh so sw tb th ti tl to ts tx ui up us ux vs we ws xy btn cls cmd css csv ctrl ctx dbg dns dst ' +
    'ftp grpc html http https js jpg json jsx jwt mgr mpg msg mtx nth php pkg png ptr pwd rgb rpc rtl sql src srv ssh ssl std str svg tcp tls tmp ' +
    'tmpl tsx ttl txt udp url vfs vpn wss xhr xml yml'
  ).split(' '),
);

/** Neighbouring letters that no word of the usual languages has. */
const UNHEARD =
  /q[^u]|j[bcdfghjklmnpqrtvwxyz]|v[bcdfghjkmnpqtvwxz]|x[bdfgjkmnrvz]|z[bcdfgjkmnpqrtvx]|[bcdfghjkmpqrsvwz]x|[cdfgjkmpqtvxz]v|[^aeiouycnrls]q|[cfghjkpqvwxz]j|[bcdfghjkmpqvx]z|[fghjmpqvx]k|[gjkqvwxz]w/i;

/** Whether the string may be a key, a hash, a password or other noise, which must never be sent as a word. In doubt it says yes. */
export function isOpaque(word: string): boolean {
  if (KEY_PREFIX.test(word)) return true;
  const bare = word.replace(/[^\p{L}\p{N}]/gu, '');
  const numbers = bare.match(/\p{N}+/gu) ?? [];
  if (numbers.some(({ length }) => length > LONGEST_NUMBER)) return true;
  if (numbers.length > 1 && bare.length >= 8) return true;
  if (/^[0-9a-f]{6,}$/i.test(bare) && (numbers.length > 0 || bare === bare.toUpperCase())) return true;
  if (bare.length >= 10 && (bare.match(/\p{Lu}{2,}/gu) ?? []).length > 1) return true;
  if (bare.length < SHORTEST_KEY || isPlainlyJoined(word)) return false;
  return readableShare(word) < LEAST_READABLE_SHARE;
}

/** Whether the word has only long parts with vowels: `KafkaConsumer`, `reqwest`. In random strings capitals stand closer together. */
function isPlainlyJoined(word: string): boolean {
  return splitHumps(word).every((hump) => /^\p{Lu}?\p{Ll}{3,}$/u.test(hump) && /[aeiouy]/i.test(hump));
}

/** The share of letters in readable parts. Short acronyms and numbers are not counted. */
function readableShare(word: string): number {
  let [all, readable] = [0, 0];
  for (const hump of splitHumps(word)) {
    if (/^\p{N}|^\p{Lu}{2,6}$/u.test(hump)) continue;
    all += hump.length;
    if (isReadable(hump)) readable += hump.length;
  }
  return all === 0 ? 1 : readable / all;
}

/** Rules of thumb for Latin letters. Keys are never written in other scripts. */
function isReadable(hump: string): boolean {
  if (/[^\p{ASCII}]/u.test(hump) || SHORT_PARTS.has(hump.toLowerCase())) return true;
  return (
    hump.length >= 3 &&
    /[aeiouy]/i.test(hump) &&
    !/[^aeiouy]{5}|^[^aeiouy]{4}|[aeiou]{5}/i.test(hump) &&
    !UNHEARD.test(hump)
  );
}
