import { assert } from 'chai';
import fc from 'fast-check';
import type { Transcript } from '../../../../src/core/model';
import { planNoteUpdate } from '../../../../src/core/notes/planNoteUpdate';
import { headBlocks, joinBlocks, noteBlocks, renderNote, type NoteFacts } from '../../../../src/core/notes/renderNote';
import { SEED } from '../random';
import { applied, LABELS, missing, said, transcriptOf } from './noteParts';

const KNOWN: NoteFacts = {
  name: 'meeting 2026-11-23 14.02.05.wav',
  link: 'meeting 2026-11-23 14.02.05.wav',
  recordedAt: new Date(2026, 10, 23, 14, 2, 5),
  labels: LABELS,
};
const FULL: NoteFacts = { ...KNOWN, lengthS: 125.9, engine: 'whisper-1, api.openai.com' };

const TRANSCRIPT = transcriptOf([said(0.4, 2, 'Good morning.'), said(61, 64, 'Shall we start?')]);
const NOTHING = transcriptOf([]);

const HEAD = headBlocks(KNOWN);
const OPENING = `${joinBlocks(HEAD)}\n`;
const HEADING = '# meeting 2026-11-23 14.02.05';
const LINK = '- Recording: [meeting 2026-11-23 14.02.05.wav](meeting%202026-11-23%2014.02.05.wav)';
const FULL_HEAD = `${HEADING}

${LINK}
- Length: 00:02:05
- Date: 2026-11-23 14:02
- Engine: whisper-1, api.openai.com`;
const PARAGRAPHS = `[00:00:00] Good morning.

[00:01:01] Shall we start?
`;

function filled(document: string, transcript: Transcript = TRANSCRIPT, facts: NoteFacts = FULL): string {
  return applied(document, planNoteUpdate(document, HEAD, noteBlocks(transcript, facts)));
}

describe('planNoteUpdate, of a head alone', () => {
  it('makes of an untouched note what a recording’s note is', () => {
    assert.strictEqual(filled(OPENING), `${FULL_HEAD}\n\n${PARAGRAPHS}`);
    assert.strictEqual(filled(OPENING), renderNote(TRANSCRIPT, FULL).markdown);
  });

  it('fills in from which language it was translated, which nobody knows at its beginning', () => {
    const facts = { ...FULL, translation: 'German into English' };
    assert.notInclude(OPENING, 'Translation');
    assert.strictEqual(filled(OPENING, TRANSCRIPT, facts), renderNote(TRANSCRIPT, facts).markdown);
    assert.include(filled(OPENING, TRANSCRIPT, facts), '\n- Translation: German into English\n');
  });

  it('keeps what the user typed below, and puts what was said behind it', () => {
    for (const [typed, gap] of [
      ['- ask about the budget', '\n\n'],
      ['- ask about the budget\n', '\n'],
      ['- ask about the budget\n\n', ''],
    ] as const) {
      assert.strictEqual(filled(OPENING + typed), `${FULL_HEAD}\n\n${typed}${gap}${PARAGRAPHS}`, JSON.stringify(typed));
    }
  });

  it('fills in the facts below what the user typed above them', () => {
    assert.strictEqual(filled(`---\ntags: x\n---\n${OPENING}`), `---\ntags: x\n---\n${FULL_HEAD}\n\n${PARAGRAPHS}`);
  });

  it('fills in the facts where the user removed the empty lines below them', () => {
    assert.strictEqual(filled(OPENING.trimEnd()), `${FULL_HEAD}\n\n${PARAGRAPHS}`);
    assert.strictEqual(filled(`${OPENING.trimEnd()}\n- Place: here\n`), `${FULL_HEAD}\n- Place: here\n\n${PARAGRAPHS}`);
  });

  for (const [what, document] of [
    ['another heading', OPENING.replace(HEADING, '# Budget')],
    ['a longer heading', OPENING.replace('# meeting', '# The meeting')],
    ['a deeper heading', `#${OPENING}`],
    ['a quoted heading', `> ${OPENING}`],
    ['no heading', OPENING.replace(`${HEADING}\n\n`, '')],
  ] as const) {
    it(`fills in the facts below a heading that the user changed: ${what}`, () => {
      const facts = FULL_HEAD.slice(HEADING.length + 2);
      assert.strictEqual(filled(document), document.slice(0, document.indexOf(LINK)) + `${facts}\n\n${PARAGRAPHS}`);
    });
  }

  for (const [what, document] of [
    ['another date', OPENING.replace('14:02', '15:00')],
    ['something behind the date', OPENING.replace('14:02', '14:02, in the kitchen')],
    ['a line between the facts', OPENING.replace('- Date', '- Place: kitchen\n- Date')],
    ['a fact less', OPENING.replace(`${LINK}\n`, '')],
  ] as const) {
    it(`leaves the facts as the user made them: ${what}`, () => {
      assert.strictEqual(filled(document), document + PARAGRAPHS);
    });
  }

  it('fills a note that the user emptied', () => {
    assert.strictEqual(filled(''), PARAGRAPHS);
  });

  it('fills a note whose lines end as on Windows', () => {
    const document = `${OPENING}- budget\n\n`.replaceAll('\n', '\r\n');
    assert.strictEqual(filled(document).replaceAll('\r\n', '\n'), `${FULL_HEAD}\n\n- budget\n\n${PARAGRAPHS}`);
    const unfinished = `${OPENING}- budget\n`.replaceAll('\n', '\r\n');
    assert.strictEqual(filled(unfinished).replaceAll('\r\n', '\n'), `${FULL_HEAD}\n\n- budget\n\n${PARAGRAPHS}`);
  });

  it('says why the text ends early, also where there is none', () => {
    const facts = { ...FULL, stopped: { atS: 64.7, reason: 'The endpoint\nis busy.' } };
    const mark = '> **Transcription stopped here, at 00:01:04 of 00:02:05.** The endpoint is busy.\n';
    assert.strictEqual(filled(OPENING, TRANSCRIPT, facts), `${FULL_HEAD}\n\n${PARAGRAPHS}\n${mark}`);
    assert.strictEqual(filled(OPENING, NOTHING, facts), `${FULL_HEAD}\n\n${mark}`);
  });

  it('says where it was not understood, also where that is all', () => {
    const gaps = [missing(30, 34)];
    const transcript = { ...TRANSCRIPT, gaps };
    assert.strictEqual(filled(OPENING, transcript), renderNote(transcript, FULL).markdown);
    assert.include(filled(OPENING, transcript), '\n\n> Not understood: 00:00:30–00:00:34\n\n[00:01:01] Shall');
    assert.strictEqual(filled(OPENING, { ...NOTHING, gaps }), `${FULL_HEAD}\n\n> Not understood: 00:00:30–00:00:34\n`);
  });

  it('adds nothing but the facts where nothing was said', () => {
    assert.strictEqual(filled(OPENING, NOTHING), `${FULL_HEAD}\n\n`);
    assert.deepEqual(planNoteUpdate('mine\n', HEAD, noteBlocks(NOTHING, FULL)), []);
  });

  it('writes a remark behind the facts', () => {
    const facts = { ...FULL, remark: 'Cut short.' };
    assert.strictEqual(filled(OPENING, TRANSCRIPT, facts), `${FULL_HEAD}\n\n> Cut short.\n\n${PARAGRAPHS}`);
  });

  it('keeps every line that the user typed, wherever it is', () => {
    const openingLines = OPENING.split('\n');
    const anyLine = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, '')),
      fc.constantFrom('# ', '- Date: tomorrow', HEADING, LINK, '- Date: 2026-11-23 14:02', '', '  ', '> so', '---'),
    );
    const typed = fc.array(fc.record({ at: fc.nat(openingLines.length), line: anyLine }), { maxLength: 6 });
    fc.assert(
      fc.property(typed, fc.constantFrom('\n', '\r\n'), fc.boolean(), (lines, eol, isStopped) => {
        // Marks tell the user's lines from the note's own where they read alike.
        const mine = lines.map(({ at, line }, i) => ({ at, line: i % 2 === 0 ? `${line} (mine ${i})` : line }));
        const document = openingLines
          .flatMap((own, i) => [...mine.filter(({ at }) => at === i).map(({ line }) => line), own])
          .concat(mine.filter(({ at }) => at === openingLines.length).map(({ line }) => line))
          .join(eol);
        const facts = isStopped ? { ...FULL, stopped: { atS: 64, reason: 'Busy.' } } : FULL;
        const result = filled(document, TRANSCRIPT, facts);
        const left = result.split(/\r?\n/);
        let from = 0;
        for (const line of document.split(eol).filter((line) => mine.some((one) => one.line === line))) {
          const at = left.indexOf(line, from);
          assert.isAtLeast(at, from, `${JSON.stringify(line)} is gone, or elsewhere`);
          from = at + 1;
        }
        assert.isTrue(result.replaceAll('\r\n', '\n').includes(PARAGRAPHS), 'what was said is there, in one piece');
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
