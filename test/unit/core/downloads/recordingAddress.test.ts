import { assert } from 'chai';
import { parseRecordingAddress } from '../../../../src/core/downloads/recordingAddress';
import { problemThrownBy } from '../expectations';

describe('parseRecordingAddress', () => {
  it('takes https, and http to this machine', () => {
    const address = parseRecordingAddress(' HTTPS://Example.com/a b.mp3?key=1#t=5 ');
    assert.deepEqual(address, { url: 'https://example.com/a%20b.mp3?key=1', host: 'example.com', isLoopback: false });
    assert.isTrue(parseRecordingAddress('http://127.0.0.1:8000/a.mp3').isLoopback);
  });

  for (const text of [
    'http://example.com/a.mp3',
    'file:///etc/passwd',
    'data:audio/mp3;base64,AA',
    'a.mp3',
    'https://',
    '',
  ]) {
    it(`refuses "${text}"`, () => {
      assert.deepEqual(
        problemThrownBy(() => parseRecordingAddress(text)),
        { code: 'urlInvalid', url: text },
      );
    });
  }

  it('repeats no secret', () => {
    for (const text of [
      'http://u:secret@example.com/a.mp3?k=secret',
      'https://u:secret@example.com/',
      'x?secret',
      'u:secret@x',
      'https://u:a/secret@example.com/',
      'https://u:a#secret@example.com/',
      'https://u:a?secret@example.com/',
      'http:/u:secret@example.com/',
      'http:\\\\u:secret@example.com/',
      'ftp:///u:secret@example.com/a.mp3',
      '//u:secret@example.com/a.mp3',
      'https://u:a@secret@example.com:x/',
    ]) {
      const problem = problemThrownBy(() => parseRecordingAddress(text));
      assert.notInclude(JSON.stringify(problem), 'secret', text);
    }
    const shown = problemThrownBy(() => parseRecordingAddress('ftp://u:secret@example.com/a.mp3?k=1'));
    assert.deepEqual(shown, { code: 'urlInvalid', url: 'ftp://…@example.com/a.mp3' });
    assert.equal(problemThrownBy(() => parseRecordingAddress('https://u@example.com/')).code, 'urlHasPassword');
  });
});
