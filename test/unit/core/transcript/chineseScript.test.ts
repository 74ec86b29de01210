import { assert } from 'chai';
import { defined } from '../../../../src/core/async/defined';
import type { ChineseScript, ChineseScriptChoice, ParsedResponse } from '../../../../src/core/model';
import { convertChinese, entriesTo, SIGNS_OF_ONE_SCRIPT } from '../../../../src/core/transcript/chineseConverters';
import { ChineseText } from '../../../../src/core/transcript/chineseScript';

const SIMPLIFIED = '这个项目的头发发展了，皇后在后面。';
const TRADITIONAL = '這個項目的頭髮發展了，皇后在後面。';

describe('ChineseText', () => {
  it('writes a mixed note in the script that occurs first', async () => {
    assert.deepEqual(await written([SIMPLIFIED, TRADITIONAL]), [SIMPLIFIED, SIMPLIFIED]);
    assert.deepEqual(await written([TRADITIONAL, SIMPLIFIED]), [TRADITIONAL, TRADITIONAL]);
  });

  it('decides by a text’s first sign that one script alone has', async () => {
    assert.deepEqual(await written(['我们來', '國家']), ['我们来', '国家']);
    assert.deepEqual(await written(['我們来', '国家']), ['我們來', '國家']);
    // 皇后 and 了 are right in both.
    assert.deepEqual(await written(['皇后了。', TRADITIONAL, SIMPLIFIED]), ['皇后了。', TRADITIONAL, TRADITIONAL]);
  });

  it('writes the script that was chosen, whatever occurs', async () => {
    const texts = [SIMPLIFIED, TRADITIONAL];
    assert.deepEqual(await written(texts, { choice: 'simplified' }), [SIMPLIFIED, SIMPLIFIED]);
    assert.deepEqual(await written(texts, { choice: 'traditional' }), [TRADITIONAL, TRADITIONAL]);
  });

  it('finds a sign’s counterpart by its phrase', async () => {
    const phrases: readonly (readonly [string, string])[] = [
      ['发展头发', '發展頭髮'],
      ['皇后之后', '皇后之後'],
      ['干净的干部不干涉', '乾淨的幹部不干涉'],
      ['这里有三公里', '這裡有三公里'],
      ['面条在上面', '麵條在上面'],
      ['只有一只', '只有一隻'],
    ];
    for (const [simplified, traditional] of phrases) {
      assert.deepEqual(await written([simplified], { choice: 'traditional' }), [traditional]);
      assert.deepEqual(await written([traditional], { choice: 'simplified' }), [simplified]);
    }
  });

  it('leaves what the script has already as it is', async () => {
    // Tables would make 臺灣 and 裡面 of them.
    const text = '台灣的裏面';
    assert.deepEqual(await written([text, '国'], { choice: 'traditional' }), [text, '國']);
    assert.deepEqual(await written(['乾隆看着后面'], { choice: 'simplified' }), ['乾隆看着后面']);
  });

  it('leaves identifiers, Latin, digits and punctuation alone', async () => {
    const kept = 'user_id、`GitHub`，TypeScript 6.0 (beta) 😀 — naïve';
    assert.deepEqual(await written([`打开 ${kept}`], { choice: 'traditional' }), [`打開 ${kept}`]);
  });

  it('leaves other languages alone, Japanese above all', async () => {
    for (const language of ['ja', 'ko', 'en', 'vi']) {
      for (const choice of ['simplified', 'traditional'] as const) {
        const texts = ['国会の学生', '東京電力', '大韓民國', 'Zürich'];
        assert.deepEqual(await written(texts, { choice, told: language }), texts);
      }
    }
    const japanese = '客観的実在の判断的知識が成立するのである。';
    // Chinese in a note besides: neither decides about the other.
    assert.deepEqual(await written([japanese, TRADITIONAL, SIMPLIFIED]), [japanese, TRADITIONAL, TRADITIONAL]);
  });

  it('takes Cantonese for Chinese', async () => {
    assert.deepEqual(await written(['佢哋講緊嘢。', '这个'], { told: 'yue' }), ['佢哋講緊嘢。', '這個']);
  });

  it('believes the chosen language before the told one', async () => {
    assert.deepEqual(await written([SIMPLIFIED, TRADITIONAL], { told: 'en', language: 'zh' }), [
      SIMPLIFIED,
      SIMPLIFIED,
    ]);
    const texts = ['学会', '學會'];
    assert.deepEqual(await written(texts, { told: 'zh', language: 'ja' }), texts);
  });

  it('looks at the text where nobody tells the language', async () => {
    const untold = { told: undefined };
    assert.deepEqual(await written([SIMPLIFIED, TRADITIONAL], untold), [SIMPLIFIED, SIMPLIFIED]);
    const japanese = ['学会の会議です。', '東京電力', '国会'];
    assert.deepEqual(await written(japanese, { ...untold, choice: 'traditional' }), japanese);
    assert.deepEqual(await written(['안녕', '大韓民國'], { ...untold, choice: 'simplified' }), ['안녕', '大韓民國']);
  });

  it('writes text, segments and words alike, each sign as its phrase wants it', async () => {
    const piece: ParsedResponse = {
      text: '头发发展。 皇后之后',
      language: 'zh',
      segments: [
        { startS: 0, endS: 1, text: '头发发展。' },
        { startS: 1, endS: 2, text: '皇后之后' },
      ],
      words: ['头', '发', '发', '展', '皇', '后', '之', '后'].map((text, i) => {
        return { startS: i / 4, endS: (i + 1) / 4, text, probability: 0.5 };
      }),
    };
    const { text, segments, words } = await new ChineseText('traditional', undefined).write(piece);
    assert.strictEqual(text, '頭髮發展。 皇后之後');
    assert.deepEqual(segments, [
      { startS: 0, endS: 1, text: '頭髮發展。' },
      { startS: 1, endS: 2, text: '皇后之後' },
    ]);
    assert.deepEqual(
      words.map((word) => word.text),
      ['頭', '髮', '發', '展', '皇', '后', '之', '後'],
    );
    assert.deepEqual(words[1], { startS: 0.25, endS: 0.5, text: '髮', probability: 0.5 });
  });

  it('writes words that their text does not have by themselves', async () => {
    const { words } = await new ChineseText('traditional', 'zh').write({
      ...said('头发'),
      words: ['头', '说', '发'].map((text) => ({ startS: 0, endS: 1, text })),
    });
    assert.deepEqual(
      words.map(({ text }) => text),
      ['頭', '說', '髮'],
    );
  });

  it('decides nothing by text without Chinese signs', async () => {
    assert.deepEqual(await written(['OK, GitHub.', '', TRADITIONAL]), ['OK, GitHub.', '', TRADITIONAL]);
  });
});

describe('OpenCC’s tables', () => {
  const SCRIPTS: readonly ChineseScript[] = ['simplified', 'traditional'];

  it('have counterparts as long as what is read, which words are written by', () => {
    for (const script of SCRIPTS) {
      const entries = [...entriesTo(script)];
      assert.isAbove(entries.length, 3000);
      const longer = entries.filter(([read, written]) => Array.from(read).length !== Array.from(written).length);
      assert.deepEqual(longer, []);
    }
  });

  it('tell signs of one script from those of both', () => {
    const { simplified, traditional } = SIGNS_OF_ONE_SCRIPT;
    for (const sign of '这个们来时国会说对学电发为') assert.isTrue(simplified.has(sign), sign);
    for (const sign of '這個們來時國會說對學電發為裡裏後臺') assert.isTrue(traditional.has(sign), sign);
    for (const sign of '后里台干只么着著乾於妳嘅我的一是不了') {
      assert.isFalse(simplified.has(sign) || traditional.has(sign), sign);
    }
    assert.deepEqual(
      [...simplified].filter((sign) => traditional.has(sign)),
      [],
    );
  });

  it('write most signs of one script as signs that the other may have', () => {
    for (const [from, to] of [SCRIPTS, SCRIPTS.toReversed()] as const) {
      if (!from || !to) assert.fail();
      const signs = [...SIGNS_OF_ONE_SCRIPT[from]];
      const stay = signs.filter((sign) => SIGNS_OF_ONE_SCRIPT[from].has(convertChinese(sign, to)));
      assert.deepEqual(stay, []);
    }
  });
});

interface Note {
  readonly choice?: ChineseScriptChoice;
  readonly language?: string;
  readonly told?: string | undefined;
}

/** What becomes of a note's pieces. Without wishes the endpoint says Chinese. */
async function written(texts: readonly string[], { choice = 'auto', language, ...note }: Note = {}): Promise<string[]> {
  const told = 'told' in note ? note.told : 'zh';
  const chinese = new ChineseText(choice, language);
  const results: string[] = [];
  for (const text of texts) results.push((await chinese.write(said(text, told))).text);
  return results;
}

function said(text: string, language?: string): ParsedResponse {
  const segments = [{ startS: 0, endS: 1, text }];
  return defined({ text, segments, words: [], language });
}
