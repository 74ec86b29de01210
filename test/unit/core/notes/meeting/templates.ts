import type { MeetingStart } from '../../../../../src/core/notes/meeting/placeholders';
import type { MeetingWords } from '../../../../../src/core/notes/meeting/renderMeetingNote';

/** The headings in English. */
export const WORDS: MeetingWords = { notes: 'Notes', actionItems: 'Action items', transcript: 'Transcript' };

/** A meeting that begins. */
export const START: MeetingStart = {
  startedAt: new Date(2026, 10, 28, 16, 45, 12),
  title: 'Meeting',
  branch: 'feature/live_notes',
  repository: 'minutes',
  recording: '2026-11-28-1645-meeting.wav',
};

/** A template without placeholders. */
export const PLAIN = `# Weekly

Present:

- everybody
`;

/** A template with headings of its own and the transcript in its middle. */
export const GERMAN = `---
Titel: "{title}: Besprechung"
Datum: {date}
Dauer: {length} # von selbst
Zweig: {branch}
Teilnehmer: {attendees}
---
# {title} am {date} um {time}

[Aufnahme]({recording}), Sprache: {language}

## Mitschrift

{transcript}

## Beschlüsse

- {caret}

## Erkannt von {model} in {length}
`;
