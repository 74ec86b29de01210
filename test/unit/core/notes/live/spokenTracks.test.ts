import { assert } from 'chai';
import { SpokenTracks } from '../../../../../src/core/notes/live/spokenTracks';
import type { LiveWord } from '../../../../../src/core/transcription/liveWords';

function words(text: string, fromS: number): LiveWord[] {
  return text.split(' ').map((word, i) => ({ text: ` ${word}`, startS: fromS + i, endS: fromS + i + 0.9 }));
}

function behind(spoken: SpokenTracks): string {
  return spoken.behind
    .map(({ text }) => text)
    .join('')
    .trim();
}

describe('SpokenTracks', () => {
  it('show a track’s words until the note has them, whatever the other track’s text does meanwhile', () => {
    const spoken = new SpokenTracks();
    spoken.take(0, words('good morning', 0), [], 2);
    spoken.take(1, words('shall we start', 10), words('now', 13), 14);
    spoken.answered(0, 2.5);
    assert.strictEqual(behind(spoken), 'good morning shall we start now');
    const first = spoken.answeredUntilS;
    spoken.answered(1, 13);
    spoken.written(first);
    assert.strictEqual(behind(spoken), 'shall we start now');
    spoken.written(spoken.answeredUntilS);
    assert.strictEqual(behind(spoken), 'now');
  });
});
