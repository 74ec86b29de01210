import { assert } from 'chai';
import { editedText } from '../../../../../src/core/notes/editedText';
import { changedHeading, finishHead, type MeetingEnd } from '../../../../../src/core/notes/meeting/finishHead';
import { meetingBlocks } from '../../../../../src/core/notes/live/liveBlocks';
import { isMeetingNote } from '../../../../../src/core/notes/meeting/meetingBlocks';
import { builtInTemplate, renderMeetingNote } from '../../../../../src/core/notes/meeting/renderMeetingNote';
import { planNoteUpdate } from '../../../../../src/core/notes/planNoteUpdate';
import { headBlocks, type NoteFacts } from '../../../../../src/core/notes/renderNote';
import { LABELS, MEETING_LABELS, missing, said, transcriptOf } from '../noteParts';
import { GERMAN, PLAIN, START, WORDS } from './templates';

const END: MeetingEnd = {
  lengthS: 2172,
  language: 'no',
  model: 'embedded engine (openai/whisper-base), on this machine',
  attendees: ['Ada Lovelace', 'Li, Wei'],
};
const FACTS: NoteFacts = { name: START.recording, recordedAt: START.startedAt, labels: LABELS };
const TRANSCRIPT = transcriptOf([said(0.4, 2, 'Good morning.'), said(3723, 3725, 'Goodbye.')]);
const BUILT_IN = renderMeetingNote(builtInTemplate(WORDS), START, WORDS);

/** The note with all that is known at the end, after the user's own change. */
function finished(
  note: typeof BUILT_IN,
  end: MeetingEnd,
  transcript = TRANSCRIPT,
  change = (text: string): string => text,
): string {
  const before = change(note.text);
  const shown = { written: finishHead(note.blocks, end), isUntouched: () => false };
  const blocks = meetingBlocks(shown, transcript, [], MEETING_LABELS, FACTS);
  return editedText(before, planNoteUpdate(before, note.blocks, blocks));
}

describe('finishHead', () => {
  it('fills the built-in note', () => {
    assert.strictEqual(
      finished(BUILT_IN, END),
      `---
title: Meeting
date: 2026-11-28T16:45
length: 00:36:12
language: "no"
model: embedded engine (openai/whisper-base), on this machine
recording: 2026-11-28-1645-meeting.wav
attendees: [Ada Lovelace, "Li, Wei"]
---

# Meeting

## Notes



## Action items

## Transcript

[0:00] Good morning.

[1:02:03] Goodbye.
`,
    );
  });

  it('fills a note without placeholders', () => {
    assert.strictEqual(
      finished(renderMeetingNote(PLAIN, START, WORDS), END),
      '# Weekly\n\n\n\nPresent:\n\n- everybody\n\n## Transcript\n\n[0:00] Good morning.\n\n[1:02:03] Goodbye.\n',
    );
  });

  it('fills a German note with the transcript in its middle', () => {
    assert.strictEqual(
      finished(renderMeetingNote(GERMAN, START, WORDS), END),
      `---
Titel: "Meeting: Besprechung"
Datum: 2026-11-28
Dauer: 00:36:12 # von selbst
Zweig: feature/live_notes
Teilnehmer: [Ada Lovelace, "Li, Wei"]
---
# Meeting am 2026-11-28 um 16:45

[Aufnahme](2026-11-28-1645-meeting.wav), Sprache: no

## Mitschrift

[0:00] Good morning.

[1:02:03] Goodbye.

## Beschlüsse

- 

## Erkannt von embedded engine (openai/whisper-base), on this machine in 00:36:12
`,
    );
  });

  it('leaves what is not known, and what the user wrote', () => {
    const end = { lengthS: 2172, model: 'embedded', attendees: ['Ada'] };
    const note = finished(BUILT_IN, end, TRANSCRIPT, (text) =>
      text.replace('attendees: []', 'attendees: [me]').replace('length:', 'length: long'),
    );
    assert.include(note, '\nlength: long\nlanguage:\nmodel: embedded');
    assert.include(note, '\nattendees: [me]\n');
  });

  it('changes nothing where it is asked again', () => {
    const once = finishHead(BUILT_IN.blocks, END);
    assert.deepEqual(finishHead(once, { ...END, lengthS: 1, attendees: ['Somebody'] }), once);
  });

  it('says what is missing below the transcript’s heading, not in the front matter', () => {
    const note = finished(BUILT_IN, END, transcriptOf([said(0, 2, 'Good morning.')], [missing(2, 9, 'failed')]));
    assert.include(
      note,
      '## Transcript\n\n> **Incomplete: 1 gaps**\n\n[0:00] Good morning.\n\n> Not transcribed: 0:02–0:09\n',
    );
  });

  it('gives title and recording their new names', () => {
    const renamed = { from: '2026-11-28-1645-meeting.wav', to: '2026-11-28-1645-Plan.wav' };
    const note = finished(BUILT_IN, { title: 'Plan: "B"', renamed });
    assert.include(note, '\ntitle: "Plan: \\"B\\""\n');
    assert.include(note, '\nrecording: 2026-11-28-1645-Plan.wav\n');
    assert.include(finished(renderMeetingNote(GERMAN, START, WORDS), { renamed }), '(2026-11-28-1645-Plan.wav)');
  });

  it('takes the user’s lines for theirs, wherever they type', () => {
    const change = (text: string): string =>
      text
        .replace('# Meeting', '# Plan')
        .replace('## Notes\n\n', '## Notes\n\n- mine\n- and mine')
        .replace('## Transcript\n', '## Transcript\n\nBelow it.\n');
    const note = finished(BUILT_IN, END, TRANSCRIPT, change);
    assert.include(note, '# Plan\n');
    assert.include(note, '- mine\n- and mine');
    assert.include(note, '## Transcript\n\n[0:00] Good morning.\n\n[1:02:03] Goodbye.\n\nBelow it.\n');
  });

  it('puts the text to the end where the transcript’s heading is gone', () => {
    const note = finished(BUILT_IN, END, TRANSCRIPT, (text) => text.replace('## Transcript', '## Said'));
    assert.match(note, /## Said\n\n\[0:00\] Good morning\.\n\n\[1:02:03\] Goodbye\.\n$/);
  });

  it('tells notes of meetings from others', () => {
    assert.isTrue(isMeetingNote(BUILT_IN.blocks));
    assert.isFalse(isMeetingNote(headBlocks(FACTS)));
  });
});

describe('changedHeading', () => {
  const changed = (change: (text: string) => string, note = BUILT_IN): string | undefined =>
    changedHeading(change(note.text), note.blocks);

  it('is what the user typed, as plain text', () => {
    assert.strictEqual(
      changed((text) => text.replace('# Meeting', '# The **big** [plan](x.md) \\# 1 ')),
      'The big plan # 1',
    );
    assert.strictEqual(
      changed((text) => text.replace('# Meeting', '# Meeting on snake_case')),
      'Meeting on snake_case',
    );
  });

  it('is nothing where the heading is as it was, empty or gone', () => {
    assert.isUndefined(changed((text) => text));
    assert.isUndefined(changed((text) => text.replaceAll('\n', '\r\n')));
    assert.isUndefined(changed((text) => text.replace('# Meeting', '# ')));
    assert.isUndefined(changed((text) => text.replace('# Meeting\n', '')));
  });

  it('is no remark of the front matter', () => {
    assert.isUndefined(changed((text) => text.replace('date:', '# remark\ndate:')));
  });
});
