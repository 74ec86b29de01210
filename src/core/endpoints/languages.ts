/** The languages that Whisper knows, by its own English names (its tokenizer's table), as ISO-639-1 where there is such a code. */
export const LANGUAGES: ReadonlyMap<string, string> = new Map([
  ...Object.entries({
    af: 'afrikaans',
    am: 'amharic',
    ar: 'arabic',
    as: 'assamese',
    az: 'azerbaijani',
    ba: 'bashkir',
    be: 'belarusian',
    bg: 'bulgarian',
    bn: 'bengali',
    bo: 'tibetan',
    br: 'breton',
    bs: 'bosnian',
    ca: 'catalan',
    cs: 'czech',
    cy: 'welsh',
    da: 'danish',
    de: 'german',
    el: 'greek',
    en: 'english',
    es: 'spanish',
    et: 'estonian',
    eu: 'basque',
    fa: 'persian',
    fi: 'finnish',
    fo: 'faroese',
    fr: 'french',
    gl: 'galician',
    gu: 'gujarati',
    ha: 'hausa',
    haw: 'hawaiian',
    he: 'hebrew',
    hi: 'hindi',
    hr: 'croatian',
    ht: 'haitian creole',
    hu: 'hungarian',
    hy: 'armenian',
    id: 'indonesian',
    is: 'icelandic',
    it: 'italian',
    ja: 'japanese',
    jw: 'javanese',
    ka: 'georgian',
    kk: 'kazakh',
    km: 'khmer',
    kn: 'kannada',
    ko: 'korean',
    la: 'latin',
    lb: 'luxembourgish',
    ln: 'lingala',
    lo: 'lao',
    lt: 'lithuanian',
    lv: 'latvian',
    mg: 'malagasy',
    mi: 'maori',
    mk: 'macedonian',
    ml: 'malayalam',
    mn: 'mongolian',
    mr: 'marathi',
    ms: 'malay',
    mt: 'maltese',
    my: 'myanmar',
    ne: 'nepali',
    nl: 'dutch',
    nn: 'nynorsk',
    no: 'norwegian',
    oc: 'occitan',
    pa: 'punjabi',
    pl: 'polish',
    ps: 'pashto',
    pt: 'portuguese',
    ro: 'romanian',
    ru: 'russian',
    sa: 'sanskrit',
    sd: 'sindhi',
    si: 'sinhala',
    sk: 'slovak',
    sl: 'slovenian',
    sn: 'shona',
    so: 'somali',
    sq: 'albanian',
    sr: 'serbian',
    su: 'sundanese',
    sv: 'swedish',
    sw: 'swahili',
    ta: 'tamil',
    te: 'telugu',
    tg: 'tajik',
    th: 'thai',
    tk: 'turkmen',
    tl: 'tagalog',
    tr: 'turkish',
    tt: 'tatar',
    uk: 'ukrainian',
    ur: 'urdu',
    uz: 'uzbek',
    vi: 'vietnamese',
    yi: 'yiddish',
    yo: 'yoruba',
    yue: 'cantonese',
    zh: 'chinese',
  }),
]);

/** Whisper's other names for some of them. */
const ALIASES: Readonly<Record<string, string>> = {
  burmese: 'my',
  castilian: 'es',
  flemish: 'nl',
  haitian: 'ht',
  letzeburgesch: 'lb',
  mandarin: 'zh',
  moldavian: 'ro',
  moldovan: 'ro',
  panjabi: 'pa',
  pushto: 'ps',
  sinhalese: 'si',
  valencian: 'ca',
};

const CODES: ReadonlyMap<string, string> = new Map([
  ...[...LANGUAGES].map(([code, name]) => [name, code] as const),
  ...Object.entries(ALIASES),
]);

/**
 * The code for an endpoint's name of a language: "English" at Groq, "english", "en" or "en-US" elsewhere. An unknown name stays as it
 * is, in lower case.
 */
export function languageCode(name: string): string {
  const lower = name.trim().toLowerCase();
  const base = lower.replace(/[-_].*$/, '');
  return CODES.get(lower) ?? (LANGUAGES.has(base) ? base : lower);
}

/** What stands for a language that was not found out; `und` is ISO 639-2's. */
const NO_LANGUAGE: ReadonlySet<string> = new Set([
  '',
  'auto',
  'none',
  'null',
  'und',
  'undefined',
  'undetermined',
  'unknown',
]);

/** Whether an endpoint's name of a language says that it knows none. */
export function isNoLanguage(name: string): boolean {
  return NO_LANGUAGE.has(name.trim().toLowerCase());
}
