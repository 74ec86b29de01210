import { assert } from 'chai';
import { renderNote, type NoteFacts } from '../../../../src/core/notes/renderNote';
import { LABELS, missing, said, transcriptOf } from './noteParts';

const FACTS: NoteFacts = {
  name: 'standup.wav',
  link: 'standup.wav',
  recordedAt: new Date(2026, 10, 23, 14, 2),
  lengthS: 125.9,
  engine: 'whisper-1, api.openai.com',
  labels: LABELS,
};

const TRANSCRIPT = transcriptOf([said(0.4, 2, 'Good morning.'), said(61, 64, 'Shall we start?')]);

describe('renderNote', () => {
  it('writes heading, facts and a paragraph with its time per segment', () => {
    assert.strictEqual(
      renderNote(TRANSCRIPT, FACTS).markdown,
      `# standup

- Recording: [standup.wav](standup.wav)
- Length: 00:02:05
- Date: 2026-11-23 14:02
- Engine: whisper-1, api.openai.com

[00:00:00] Good morning.

[00:01:01] Shall we start?
`,
    );
  });

  it('says of a translation from which language into which, as one line of plain text', () => {
    assert.include(
      renderNote(TRANSCRIPT, { ...FACTS, translation: 'German\ninto *English*' }).markdown,
      '- Date: 2026-11-23 14:02\n- Translation: German into \\*English\\*\n- Engine: whisper-1, api.openai.com\n',
    );
    assert.notInclude(renderNote(TRANSCRIPT, FACTS).markdown, 'Translation');
  });

  it('writes a remark before the text, and behind it why the text ends early', () => {
    const stopped = { atS: 64.7, reason: 'The endpoint\nis busy.' };
    assert.strictEqual(
      renderNote(TRANSCRIPT, { ...FACTS, remark: 'The recording was cut short.', stopped }).markdown,
      `# standup

- Recording: [standup.wav](standup.wav)
- Length: 00:02:05
- Date: 2026-11-23 14:02
- Engine: whisper-1, api.openai.com

> The recording was cut short.

[00:00:00] Good morning.

[00:01:01] Shall we start?

> **Transcription stopped here, at 00:01:04 of 00:02:05.** The endpoint is busy.
`,
    );
  });

  it('says where it was not understood, among what was said, in the order of time', () => {
    const gaps = [missing(30.9, 34), missing(61, 61.2), missing(70, 3725.4)];
    const { markdown } = renderNote({ ...TRANSCRIPT, gaps }, { ...FACTS, stopped: { atS: 120, reason: 'Busy.' } });
    assert.strictEqual(
      markdown.slice(markdown.indexOf('[00:00:00]')),
      `[00:00:00] Good morning.

> Not understood: 00:00:30–00:00:34

[00:01:01] Shall we start?

> Not understood: 00:01:01–00:01:02

> Not understood: 00:01:10–01:02:06

> **Transcription stopped here, at 00:02:00 of 00:02:05.** Busy.
`,
    );
  });

  it('says what could not be transcribed, and above all text how much of it there is', () => {
    const gaps = [missing(30.9, 34, 'failed'), missing(50, 52), missing(70.2, 72, 'failed')];
    const { markdown } = renderNote({ ...TRANSCRIPT, gaps }, { ...FACTS, remark: 'Cut short.' });
    assert.strictEqual(
      markdown.slice(markdown.indexOf('> Cut')),
      `> Cut short.

> **Incomplete: 2 gaps**

[00:00:00] Good morning.

> Not transcribed: 00:00:30–00:00:34

> Not understood: 00:00:50–00:00:52

[00:01:01] Shall we start?

> Not transcribed: 00:01:10–00:01:12
`,
    );
    // What nobody can understand does not make a note incomplete.
    assert.notInclude(renderNote({ ...TRANSCRIPT, gaps: [missing(50, 52)] }, FACTS).markdown, 'Incomplete');
  });

  it('marks what may be invented', () => {
    const sure = { compressionRatio: 2.4, averageLogProbability: -1, noSpeechProbability: 0.6 };
    const segments = [
      said(0, 1, 'Sure.', sure),
      said(1, 2, 'So so so.', { ...sure, compressionRatio: 2.5 }),
      said(2, 3, 'Hm.', { averageLogProbability: -1.1, noSpeechProbability: 0.7 }),
    ];
    const { markdown } = renderNote(transcriptOf(segments), FACTS);
    assert.isTrue(
      markdown.endsWith('\n\n[00:00:00] Sure.\n\n[00:00:01] So so so. (?)\n\n[00:00:02] Hm. (?)\n'),
      markdown,
    );
  });

  it('says where the text stops of a recording whose length nobody knows', () => {
    const { lengthS, ...unknown } = FACTS;
    assert.isDefined(lengthS);
    const { markdown } = renderNote(TRANSCRIPT, { ...unknown, stopped: { atS: 64, reason: '*Busy*' } });
    assert.isTrue(markdown.endsWith('\n\n> **Transcription stopped here, at 00:01:04 of 00:01:04.** \\*Busy\\*\n'));
  });

  it('writes the words of what was not understood as one line of plain text', () => {
    const labels = {
      ...LABELS,
      notUnderstood: (from: string, to: string) => `*Nicht*\nverstanden: ${from}–${to}`,
    };
    const { markdown } = renderNote({ ...TRANSCRIPT, gaps: [missing(70, 73)] }, { ...FACTS, labels });
    assert.isTrue(markdown.endsWith('\n\n> \\*Nicht\\* verstanden: 00:01:10–00:01:13\n'), markdown);
  });

  const links: readonly (readonly [why: string, link: string, expected: string])[] = [
    ['encodes spaces', 'my talk.wav', 'my%20talk.wav'],
    ['escapes parentheses', 'talk (2).wav', 'talk%20\\(2\\).wav'],
    ['keeps folders', '../audio/talk.wav', '../audio/talk.wav'],
    ['encodes what would begin a query or a fragment', 'C# or F#?.wav', 'C%23%20or%20F%23%3F.wav'],
    ['encodes a colon, which would end a protocol', 'call: Bob.wav', 'call%3A%20Bob.wav'],
    ['encodes a percent sign', '100%.wav', '100%25.wav'],
    ['encodes an ampersand, which may begin an entity', 'Q&amp;A.wav', 'Q%26amp;A.wav'],
    ['encodes other scripts', 'café.wav', 'caf%C3%A9.wav'],
  ];
  for (const [why, link, expected] of links) {
    it(`links to the recording: ${why}`, () => {
      const { markdown } = renderNote(TRANSCRIPT, { ...FACTS, name: 'n.wav', link });
      assert.include(markdown, `- Recording: [n.wav](${expected})\n`);
    });
  }

  it('names a recording that lies elsewhere without a link', () => {
    // Not `link: undefined`: the type forbids it.
    const { link, ...unlinked } = FACTS;
    assert.isDefined(link);
    assert.include(renderNote(TRANSCRIPT, unlinked).markdown, '\n- Recording: standup.wav\n');
  });

  const headings: readonly (readonly [name: string, heading: string])[] = [
    ['standup.wav', '# standup'],
    ['2026.11.23 standup.m4a', '# 2026.11.23 standup'],
    ['standup', '# standup'],
    ['.wav', '# .wav'],
    ['standup.', '# standup.'],
    ['[draft] *v2*.wav', '# \\[draft\\] \\*v2\\*'],
  ];
  for (const [name, heading] of headings) {
    it(`heads the note of ${name} with ${heading}`, () => {
      assert.strictEqual(renderNote(TRANSCRIPT, { ...FACTS, name }).markdown.split('\n')[0], heading);
    });
  }

  const texts: readonly (readonly [why: string, spoken: string, written: string])[] = [
    [
      'escapes emphasis, code, links, tags and backslashes',
      'a*b `c` [d](e) <f> \\g',
      'a\\*b \\`c\\` \\[d\\](e) \\<f> \\\\g',
    ],
    [
      'escapes underscores that would restyle, not those inside a word',
      '__init__ of snake_case',
      '\\_\\_init\\_\\_ of snake_case',
    ],
    ['escapes what would be struck through, not a single tilde', '~~no~~ ~5', '\\~\\~no\\~\\~ ~5'],
    ['escapes what would become another character', '&lt; &#60; AT&T', '\\&lt; \\&#60; AT&T'],
    [
      'leaves ordinary punctuation as it was said',
      'It’s 3.5 % (or #4) - ok? 1 > 0; a/b!',
      'It’s 3.5 % (or #4) - ok? 1 > 0; a/b!',
    ],
    ['keeps a segment on one line', ' one\n\n# two\t three ', 'one # two three'],
  ];
  for (const [why, spoken, written] of texts) {
    it(why, () => {
      const transcript = transcriptOf([said(5, 6, spoken)]);
      assert.strictEqual(renderNote(transcript, FACTS).markdown.split('\n\n').at(-1), `[00:00:05] ${written}\n`);
    });
  }

  it('writes a note without text too', () => {
    const { markdown } = renderNote(transcriptOf([]), FACTS);
    assert.isTrue(markdown.endsWith('- Engine: whisper-1, api.openai.com\n'));
  });
});
