import { assert } from 'chai';
import { load } from 'js-yaml';
import {
  builtInTemplate,
  renderMeetingNote,
  type MeetingNote,
} from '../../../../../src/core/notes/meeting/renderMeetingNote';
import { GERMAN, PLAIN, START, WORDS } from './templates';

const rendered = (template: string): MeetingNote => renderMeetingNote(template, START, WORDS);
/** The text with a bar where the caret stands. */
const withCaret = ({ text, caretOffset }: MeetingNote): string =>
  `${text.slice(0, caretOffset)}|${text.slice(caretOffset)}`;
const frontMatter = (text: string): unknown => load(/^---\n([^]*?)\n---\n/.exec(text)?.[1] ?? 'none');

describe('renderMeetingNote', () => {
  it('makes the note of the built-in template', () => {
    const note = rendered(builtInTemplate(WORDS));
    assert.strictEqual(
      withCaret(note),
      `---
title: Meeting
date: 2026-11-28T16:45
length:
language:
model:
recording: 2026-11-28-1645-meeting.wav
attendees: []
---

# Meeting

## Notes

|

## Action items

## Transcript
`,
    );
    assert.deepEqual(
      note.blocks.map(({ id, text }) => [id, text]),
      [
        ['meeting:front:title', 'title: Meeting'],
        ['meeting:front:length', 'length:'],
        ['meeting:front:language', 'language:'],
        ['meeting:front:model', 'model:'],
        ['meeting:front:recording', 'recording: 2026-11-28-1645-meeting.wav'],
        ['meeting:front:attendees', 'attendees: []'],
        ['meeting:heading', '# Meeting'],
        ['meeting:transcript', '## Transcript'],
      ],
    );
    assert.deepEqual(
      note.blocks.map(({ order }) => order),
      note.blocks.map(({ order }) => order).toSorted((a, b) => a - b),
    );
    assert.ok(note.blocks.every(({ order }) => order < 0));
    assert.deepEqual(note.unknown, []);
  });

  it('makes the note of a template without placeholders', () => {
    const note = rendered(PLAIN);
    assert.strictEqual(withCaret(note), '# Weekly\n\n|\n\nPresent:\n\n- everybody\n\n## Transcript\n');
    assert.deepEqual(
      note.blocks.map(({ id, text }) => [id, text]),
      [
        ['meeting:heading', '# Weekly'],
        ['meeting:transcript', '## Transcript'],
      ],
    );
  });

  it('makes the note of a German template with the transcript in its middle', () => {
    const note = rendered(GERMAN);
    assert.strictEqual(
      withCaret(note),
      `---
Titel: "Meeting: Besprechung"
Datum: 2026-11-28
Dauer: # von selbst
Zweig: feature/live_notes
Teilnehmer: []
---
# Meeting am 2026-11-28 um 16:45

[Aufnahme](2026-11-28-1645-meeting.wav), Sprache:

## Mitschrift

## Beschlüsse

- |

## Erkannt von {model} in {length}
`,
    );
    assert.strictEqual(note.transcriptHeading, '## Mitschrift');
  });

  it('keeps what values hold: the front matter is read as it was meant', () => {
    const odd = { ...START, title: 'Q3: "plans" #1', branch: 'no', repository: '2026' };
    const template = `---\ntitle: {title}\nbranch: {branch}\nrepository: {repository}\nboth: {branch} of {repository}\nlist: [{title}, b]\nquoted: '{title}'\n---\n`;
    assert.deepEqual(frontMatter(renderMeetingNote(template, odd, WORDS).text), {
      title: odd.title,
      branch: 'no',
      repository: '2026',
      both: 'no of 2026',
      list: [odd.title, 'b'],
      quoted: odd.title,
    });
    const title = "it's";
    assert.deepEqual(frontMatter(renderMeetingNote(template, { ...odd, title }, WORDS).text), {
      title,
      branch: 'no',
      repository: '2026',
      both: 'no of 2026',
      list: [title, 'b'],
      quoted: title,
    });
  });

  it('leaves values empty that are not known', () => {
    const bare = { startedAt: START.startedAt, title: 'Meeting', recording: 'a.wav' };
    const { text } = renderMeetingNote('---\nbranch: {branch}\n---\nOn {branch} in {repository}.\n', bare, WORDS);
    assert.include(text, '---\nbranch:\n---');
    assert.include(text, 'On  in .');
  });

  it('escapes in the text what would restyle it', () => {
    const { text } = renderMeetingNote('# {title}\n', { ...START, title: 'a *b* <c>' }, WORDS);
    assert.include(text, '# a \\*b\\* \\<c>\n');
  });

  it('leaves unknown placeholders and doubled braces, and names the former once', () => {
    const { text, unknown } = rendered('{{title}} {nonsense} {Title} {nonsense}\n');
    assert.include(text, '{{title}} {nonsense} {Title} {nonsense}\n');
    assert.deepEqual(unknown, ['nonsense', 'Title']);
  });

  it('takes a heading that has the transcript’s name for its place', () => {
    const note = rendered('# A\n\n### transcript\n\n## Last\n');
    assert.strictEqual(note.transcriptHeading, '### transcript');
    assert.notInclude(note.text, '## Transcript');
  });

  it('writes a heading where the place has none', () => {
    assert.strictEqual(
      withCaret(rendered('# A\n\nText:\n{transcript}\nBehind.\n')),
      '# A\n\n|\n\nText:\n\n## Transcript\n\nBehind.\n',
    );
    assert.strictEqual(withCaret(rendered('# A\n{transcript}\n')), '# A\n\n|\n\n## Transcript\n');
  });

  it('makes a note of an empty template', () => {
    assert.strictEqual(withCaret(rendered('')), '|\n\n## Transcript\n');
    assert.strictEqual(withCaret(rendered('---\na: b\n---\n')), '---\na: b\n---\n\n|\n\n## Transcript\n');
  });

  it('keeps the line ends of the template, and finds the caret among them', () => {
    const note = rendered(builtInTemplate(WORDS).replaceAll('\n', '\r\n'));
    assert.strictEqual(withCaret(note).replaceAll('\r\n', '\n'), withCaret(rendered(builtInTemplate(WORDS))));
    assert.notMatch(note.text, /[^\r]\n/);
    assert.notInclude(note.blocks.map(({ text }) => text).join(''), '\r');
  });

  it('puts the caret into a line with text', () => {
    assert.include(withCaret(rendered('# {title}{caret}\n')), '# Meeting|\n');
    assert.include(withCaret(rendered('---\ntopic: {caret}\n---\n')), 'topic: |\n---\n');
  });
});
