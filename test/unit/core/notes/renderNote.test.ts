import { assert } from 'chai';
import { renderNote, type NoteFacts } from '../../../../src/core/notes/renderNote';
import { transcriptOf, unheardGaps } from './transcripts';

const FACTS: NoteFacts = {
  name: 'standup.wav',
  link: 'standup.wav',
  recordedAt: new Date(2026, 10, 23, 14, 2),
  lengthS: 125.9,
  engine: 'whisper-1, api.openai.com',
  labels: {
    recording: 'Recording',
    length: 'Length',
    date: 'Date',
    engine: 'Engine',
    translation: 'Translation',
    stopped: (at, of) => `Transcription stopped here, at ${at} of ${of}.`,
    notUnderstood: (from, to) => `Not understood: ${from}–${to}`,
    notTranscribed: (from, to) => `Not transcribed: ${from}–${to}`,
    incomplete: (count) => `Incomplete: ${count}`,
    doubtful: '(?)',
  },
};

const TRANSCRIPT = transcriptOf([
  { startS: 0.4, endS: 2, text: 'Good morning.' },
  { startS: 61, endS: 64, text: 'Shall we start?' },
]);

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
    const gaps = unheardGaps({ startS: 30.9, endS: 34 }, { startS: 61, endS: 61.2 }, { startS: 70, endS: 3725.4 });
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

  it('writes the words of what was not understood as one line of plain text', () => {
    const labels = {
      ...FACTS.labels,
      notUnderstood: (from: string, to: string) => `*Nicht*\nverstanden: ${from}–${to}`,
    };
    const { markdown } = renderNote(
      { ...TRANSCRIPT, gaps: unheardGaps({ startS: 70, endS: 73 }) },
      { ...FACTS, labels },
    );
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

  const texts: readonly (readonly [why: string, said: string, written: string])[] = [
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
  for (const [why, said, written] of texts) {
    it(why, () => {
      const transcript = transcriptOf([{ startS: 5, endS: 6, text: said }]);
      assert.strictEqual(renderNote(transcript, FACTS).markdown.split('\n\n').at(-1), `[00:00:05] ${written}\n`);
    });
  }

  it('marks a part that was not transcribed in its place, and says at the head that text is missing', () => {
    const [gap] = unheardGaps({ startS: 30, endS: 55.5 });
    const gaps = gap ? [{ ...gap, kind: 'failed' as const, code: 'endpointFailed' }] : [];
    const { markdown } = renderNote({ ...TRANSCRIPT, gaps }, FACTS);
    assert.include(markdown, 'api.openai.com\n\n> **Incomplete: 1**\n\n[00:00:00] Good morning.\n');
    assert.include(markdown, '\n\n> Not transcribed: 00:00:30–00:00:56\n\n[00:01:01] Shall we start?\n');
  });

  it('marks a paragraph that is doubtful by its figures', () => {
    const figures = [
      [{ compressionRatio: 2.5 }, true],
      [{ compressionRatio: 2.4 }, false],
      [{ averageLogProbability: -1.1, noSpeechProbability: 0.7 }, true],
      [{ averageLogProbability: -1.1, noSpeechProbability: 0.6 }, false],
      [{ averageLogProbability: -1, noSpeechProbability: 0.7 }, false],
      [{}, false],
    ] as const;
    for (const [given, isMarked] of figures) {
      const { markdown } = renderNote(transcriptOf([{ startS: 0, endS: 1, text: 'So.', ...given }]), FACTS);
      assert.strictEqual(markdown.endsWith('] So. (?)\n'), isMarked, JSON.stringify(given));
    }
  });

  it('writes a note without text too', () => {
    const { markdown } = renderNote(transcriptOf([]), FACTS);
    assert.isTrue(markdown.endsWith('- Engine: whisper-1, api.openai.com\n'));
  });
});
