import { assert } from 'chai';
import fc from 'fast-check';
import type { Transcript } from '../../../../src/core/model';
import { editedText } from '../../../../src/core/notes/editedText';
import { planDictation } from '../../../../src/core/notes/planDictation';
import { joinTexts } from '../../../../src/core/text/blanks';
import { SEED } from '../random';
import { said as segment, transcriptOf } from './noteParts';

function said(...texts: readonly string[]): Transcript {
  return transcriptOf(texts.map((text, i) => segment(i, i + 1, text)));
}

/** The document after a dictation; `|` is the caret, two of them hold the selection. */
function dictated(marked: string, transcript: Transcript): string {
  const start = marked.indexOf('|');
  const last = marked.lastIndexOf('|');
  const end = last > start ? last - 1 : start;
  const document = marked.replaceAll('|', '');
  return editedText(document, [planDictation(transcript, document, { start, end })]);
}

describe('planDictation', () => {
  const spaces: readonly (readonly [marked: string, expected: string])[] = [
    ['|', 'hello'],
    ['word|', 'word hello'],
    ['word |', 'word hello'],
    ['|word', 'hello word'],
    ['| word', 'hello word'],
    ['one|two', 'one hello two'],
    ['one |two', 'one hello two'],
    ['one| two', 'one hello two'],
    ['line\n|', 'line\nhello'],
    ['line\r\n|\r\nline', 'line\r\nhello\r\nline'],
    ['|, word', 'hello, word'],
    ['Yes.|', 'Yes. hello'],
    ['Yes,|', 'Yes, hello'],
    ['(so)|', '(so) hello'],
    ['(|)', '(hello)'],
    ['[|]', '[hello]'],
    ['{|}', '{hello}'],
    ['"|"', '"hello"'],
    ['say "|"', 'say "hello"'],
    ["say '|'", "say 'hello'"],
    ['say “|”', 'say “hello”'],
    ['sag „|“', 'sag „hello“'],
    ['sag »|«', 'sag »hello«'],
    ['dis «|»', 'dis «hello»'],
    ['säg ”|”', 'säg ”hello”'],
    ['("|")', '("hello")'],
    ['x="|"', 'x="hello"'],
    ['"so"|', '"so" hello'],
    ["'so.'|", "'so.' hello"],
    ['“so”|', '“so” hello'],
    ['„so“|', '„so“ hello'],
    ['«\u00a0so\u00a0»|', '«\u00a0so\u00a0» hello'],
    ['“‘so’”|', '“‘so’” hello'],
    ['the boys’|', 'the boys’ hello'],
    ['5 €|', '5 € hello'],
    ['5\u00a0€|', '5\u00a0€ hello'],
    ['costs $|', 'costs $hello'],
    ['yes –|', 'yes – hello'],
    ['5–|', '5–hello'],
    ['well—|', 'well—hello'],
    ['–|', '–hello'],
    ['פרופ׳|', 'פרופ׳ hello'],
    ['״שלום״|', '״שלום״ hello'],
    ['אמר ״|״', 'אמר ״hello״'],
    ['über|älter', 'über hello älter'],
    ['𝒳|𝒳', '𝒳 hello 𝒳'],
    ['7|7', '7 hello 7'],
    ['`code`|', '`code` hello'],
    ['`|`', '`hello`'],
    ['say `|`', 'say `hello`'],
    ['**bold**|', '**bold** hello'],
    ['say **|**', 'say **hello**'],
    ['**|**', '**hello**'],
    ['*so*|', '*so* hello'],
    ['_so_|', '_so_ hello'],
    ['~~so~~|', '~~so~~ hello'],
    ['**`so`**|', '**`so`** hello'],
    ['**so.**|', '**so.** hello'],
    ['("so")|', '("so") hello'],
    ['**"so"**|', '**"so"** hello'],
    ['100%|', '100% hello'],
    ['100 %|', '100 % hello'],
    ['{%|', '{%hello'],
    ['C++|', 'C++ hello'],
    ['18+|', '18+ hello'],
    ['+|', '+hello'],
    ['C#|', 'C# hello'],
    ['#|', '#hello'],
    ['20°|', '20° hello'],
    ['5€|', '5€ hello'],
    ['$|', '$hello'],
    ['so 👍|', 'so 👍 hello'],
    ['so ❤️|', 'so ❤️ hello'],
    ['cafe\u0301|', 'cafe\u0301 hello'],
    ['path/|', 'path/hello'],
    ['pre-|', 'pre-hello'],
    ['- |', '- hello'],
  ];
  for (const [marked, expected] of spaces) {
    it(`makes ${JSON.stringify(marked)} ${JSON.stringify(expected)}`, () => {
      assert.strictEqual(dictated(marked, said('hello')), expected);
    });
  }

  // The bar is the caret.
  const scripts: readonly (readonly [script: string, marked: string, said: readonly string[], expected: string])[] = [
    ['Latin', 'Straße|über', ['Es geht.', 'Gut.'], 'Straße Es geht. Gut. über'],
    ['Cyrillic', 'Привет.|мир', ['Как дела?', 'Хорошо.'], 'Привет. Как дела? Хорошо. мир'],
    ['Greek', 'Τι κάνεις;|ναι', ['Καλά·', 'εσύ;'], 'Τι κάνεις; Καλά· εσύ; ναι'],
    ['Armenian', 'Բարև։|այո', ['Ինչպե՞ս ես։', 'Լավ։'], 'Բարև։ Ինչպե՞ս ես։ Լավ։ այո'],
    ['Georgian', 'გამარჯობა|დიახ', ['როგორ ხარ?', 'კარგად.'], 'გამარჯობა როგორ ხარ? კარგად. დიახ'],
    ['Hebrew', 'שָׁלוֹם|כן', ['מה נשמע?', 'טוב.'], 'שָׁלוֹם מה נשמע? טוב. כן'],
    ['Arabic', 'كيف حالك؟|نعم', ['مرحبًا،', 'بخير.'], 'كيف حالك؟ مرحبًا، بخير. نعم'],
    ['Arabic of Urdu', 'شکریہ۔|ہاں', ['آپ کیسے ہیں؟', 'ٹھیک۔'], 'شکریہ۔ آپ کیسے ہیں؟ ٹھیک۔ ہاں'],
    ['Devanagari', 'हिन्दी|और', ['नमस्ते।', 'आप कैसे हैं?'], 'हिन्दी नमस्ते। आप कैसे हैं? और'],
    ['Bengali', 'ভালো।|এবং', ['আমি', 'বাংলায় বলি'], 'ভালো। আমি বাংলায় বলি এবং'],
    ['Gurmukhi', 'ਪੰਜਾਬੀ|ਅਤੇ', ['ਸਤ ਸ੍ਰੀ ਅਕਾਲ।', 'ਠੀਕ ਹੈ।'], 'ਪੰਜਾਬੀ ਸਤ ਸ੍ਰੀ ਅਕਾਲ। ਠੀਕ ਹੈ। ਅਤੇ'],
    ['Gujarati', 'ગુજરાતી|અને', ['કેમ છો?', 'સારું.'], 'ગુજરાતી કેમ છો? સારું. અને'],
    ['Tamil', 'தமிழ்|மற்றும்', ['வணக்கம்.', 'நலமா?'], 'தமிழ் வணக்கம். நலமா? மற்றும்'],
    ['Telugu', 'తెలుగు|మరియు', ['నమస్కారం.', 'బాగున్నారా?'], 'తెలుగు నమస్కారం. బాగున్నారా? మరియు'],
    ['Sinhala', 'සිංහල|සහ', ['ආයුබෝවන්.', 'කොහොමද?'], 'සිංහල ආයුබෝවන්. කොහොමද? සහ'],
    ['Hangul', '한국어|그리고', ['안녕하세요.', '반갑습니다.'], '한국어 안녕하세요. 반갑습니다. 그리고'],
    ['Ethiopic', 'ሰላም።|እና', ['እንዴት ነህ?', 'ደህና።'], 'ሰላም። እንዴት ነህ? ደህና። እና'],
    ['Han', '今天。|因为', ['天气很好。', '我们走吧！'], '今天。天气很好。我们走吧！因为'],
    ['kana', 'こんにちは|そして', ['今日は', 'ハレです。'], 'こんにちは今日はハレです。そして'],
    ['Thai', 'ที่นี่|และ', ['สวัสดีครับ', 'สบายดีไหม'], 'ที่นี่สวัสดีครับสบายดีไหมและ'],
    ['Lao', 'ນີ້|ແລະ', ['ສະບາຍດີ', 'ຂອບໃຈ'], 'ນີ້ສະບາຍດີຂອບໃຈແລະ'],
    ['Khmer', 'នេះ|និង', ['សួស្តី។', 'អរគុណ'], 'នេះសួស្តី។អរគុណនិង'],
    ['Burmese', 'ဒီမှာ|နှင့်', ['မင်္ဂလာပါ။', 'ကျေးဇူးပါ'], 'ဒီမှာမင်္ဂလာပါ။ကျေးဇူးပါနှင့်'],
    ['Tibetan', 'འདི་|དང', ['བཀྲ་ཤིས།', 'བདེ་ལེགས།'], 'འདི་བཀྲ་ཤིས།བདེ་ལེགས།དང'],
    ['Han beside Latin', 'GitHub|GitHub', ['提交', '到'], 'GitHub提交到GitHub'],
    ['Han behind markup', '**你好**|', ['再见'], '**你好**再见'],
  ];
  for (const [script, marked, texts, expected] of scripts) {
    it(`puts blanks where ${script} has them`, () => {
      assert.strictEqual(dictated(marked, said(...texts)), expected);
    });
  }

  it('replaces the selection, and looks at what is around it', () => {
    assert.strictEqual(dictated('say |goodbye| now', said('hello')), 'say hello now');
    assert.strictEqual(dictated('say| goodbye |now', said('hello')), 'say hello now');
    assert.strictEqual(dictated('|all of it|', said('hello')), 'hello');
  });

  it('joins segments with one space each, without their own', () => {
    assert.strictEqual(dictated('|', said(' One.', 'Two. ', '  ', '', '\nThree.')), 'One. Two. Three.');
  });

  for (const [what, transcript] of [
    ['no segment', said()],
    ['segments without a word', said('', '  ', '\n')],
  ] as const) {
    it(`changes nothing for ${what}: no stray space, and the selection stays`, () => {
      assert.deepEqual(planDictation(transcript, 'onetwo', { start: 3, end: 3 }), {
        offset: 3,
        removedLength: 0,
        text: '',
      });
      assert.strictEqual(dictated('one|two', transcript), 'onetwo');
      assert.strictEqual(dictated('one |two| three', transcript), 'one two three');
    });
  }

  it('leaves all text outside the selection as it is, and says all that was said', () => {
    const anyText = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.string({ unit: fc.constantFrom(...Array.from('ab 7.,()"\'“”\n𝒳é')), maxLength: 30 }),
    );
    fc.assert(
      fc.property(anyText, anyText, anyText, fc.array(anyText, { maxLength: 4 }), (before, selected, behind, texts) => {
        const document = before + selected + behind;
        const place = { start: before.length, end: before.length + selected.length };
        const result = editedText(document, [planDictation(said(...texts), document, place)]);
        const words = joinTexts(texts);
        if (words === '') {
          assert.strictEqual(result, document);
          return;
        }
        assert.isTrue(result.startsWith(before));
        assert.isTrue(result.endsWith(behind));
        const inserted = result.slice(before.length, result.length - behind.length);
        assert.include([0, 1, 2], inserted.length - words.length);
        assert.strictEqual(inserted.trim(), words);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
