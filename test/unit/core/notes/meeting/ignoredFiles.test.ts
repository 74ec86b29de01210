import { assert } from 'chai';
import { editedText } from '../../../../../src/core/notes/editedText';
import { ignoreEdits, isIgnored, madeFiles } from '../../../../../src/core/notes/meeting/ignoredFiles';
import { DEFAULT_NAME, meetingName } from '../../../../../src/core/notes/meeting/meetingName';
import { START } from './templates';

const NAME = meetingName(DEFAULT_NAME, START);
const patternsOf = (folder: string, pattern: string, hasRecording = true): string[] =>
  madeFiles(folder, 'x', pattern, hasRecording).map((file) => file.pattern);
const added = (text: string, ...patterns: readonly string[]): string => editedText(text, ignoreEdits(text, patterns));

describe('madeFiles', () => {
  it('names recording and log with their patterns', () => {
    assert.deepEqual(madeFiles('notes/', NAME, DEFAULT_NAME, true), [
      { path: 'notes/2026-11-28-1645-meeting.wav', pattern: '????-??-??-????-meeting*.wav' },
      { path: 'notes/2026-11-28-1645-meeting.minutes.jsonl', pattern: '*.minutes.jsonl' },
    ]);
  });

  it('names the log alone where the recording lies elsewhere', () => {
    assert.deepEqual(patternsOf('', DEFAULT_NAME, false), ['*.minutes.jsonl']);
  });

  it('stays within the folder where names have nothing of their own', () => {
    assert.strictEqual(patternsOf('a [b]/', '{title}')[0], '/a ?b?/*.wav');
    assert.strictEqual(patternsOf('', '{date} {time}')[0], '/*.wav');
    assert.strictEqual(patternsOf('', ' ')[0], '????-??-??-????-meeting*.wav');
  });

  it('gives patterns that ignore what they are for, and no other recordings', () => {
    for (const pattern of [
      DEFAULT_NAME,
      'call {branch} {date}',
      '{title}',
      '{repository}-{time}',
      '#{date}![a] b:c',
      '{date}',
      '',
    ]) {
      const name = meetingName(pattern, START);
      for (const stem of [name, `${name}-2`]) {
        const [recording] = madeFiles('notes/', stem, pattern, true);
        assert.isTrue(isIgnored(recording?.path ?? '', [{ folder: '', text: recording?.pattern ?? '' }]), pattern);
        assert.isFalse(isIgnored('music/song.wav', [{ folder: '', text: recording?.pattern ?? '' }]), pattern);
      }
    }
  });
});

describe('isIgnored', () => {
  it('knows folders, other files of patterns, and exceptions', () => {
    const log = 'notes/a.minutes.jsonl';
    assert.isTrue(isIgnored(log, [{ folder: '', text: 'notes/\n' }]));
    assert.isTrue(
      isIgnored(log, [
        { folder: '', text: '' },
        { folder: 'notes/', text: '*.jsonl\r\n' },
      ]),
    );
    assert.isFalse(
      isIgnored(log, [
        { folder: 'notes/', text: '!a.minutes.jsonl' },
        { folder: '', text: '*.jsonl' },
      ]),
    );
    assert.isFalse(isIgnored(log, [{ folder: 'other/', text: '*' }]));
    assert.isFalse(isIgnored(log, []));
  });
});

describe('ignoreEdits', () => {
  const REMARK = '# Minutes: recordings of meetings and their logs';

  it('adds at the end, with a blank line before and a line end behind', () => {
    assert.strictEqual(added('', 'a', 'b'), `${REMARK}\na\nb\n`);
    assert.strictEqual(added('x\n', 'a'), `x\n\n${REMARK}\na\n`);
    assert.strictEqual(added('x', 'a'), `x\n\n${REMARK}\na\n`);
  });

  it('goes on with the line ends of the file', () => {
    assert.strictEqual(added('x\r\ny', 'a'), `x\r\ny\r\n\r\n${REMARK}\r\na\r\n`);
  });

  it('adds nothing twice', () => {
    const once = added('x\n', 'a', 'b', 'a');
    assert.strictEqual(added(once, 'b', 'a'), once);
    assert.strictEqual(added('a  \r\n', 'a', 'b'), `a  \r\n\r\n${REMARK}\r\nb\r\n`);
  });
});
