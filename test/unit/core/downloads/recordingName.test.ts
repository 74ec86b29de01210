import { assert } from 'chai';
import fc from 'fast-check';
import { recordingName } from '../../../../src/core/downloads/recordingName';

describe('recordingName', () => {
  const names: readonly (readonly [address: string, name: string])[] = [
    ['https://example.com/talks/All%20hands.mp3?token=secret#t=1', 'All hands.mp3'],
    ['https://example.com/talks/', 'talks'],
    ['https://example.com/100%25/50%.mp3', '50%.mp3'],
    ['https://example.com/', 'example.com'],
    ['https://example.com:8443?file=a.mp3', 'example.com-8443'],
    ['https://example.com/..%2F..%2F.bashrc', 'bashrc'],
    ['https://example.com/C%3A%5CWindows%5Ccon.mp3', 'con-.mp3'],
    ['https://example.com/con%20.mp3', 'con-.mp3'],
    ['https://example.com/COM¹.mp3', 'COM¹-.mp3'],
    ['https://example.com/CONIN$', 'CONIN$-'],
    ['https://example.com/console.mp3', 'console.mp3'],
    ['https://example.com/a%00b%0A%E2%80%AE3pm.exe', 'ab3pm.exe'],
    ['https://example.com/%3Cimg%20src=x%3E.mp3', '-img src=x-.mp3'],
    ['https://example.com/...', 'example.com'],
    ['https://[', 'recording'],
  ];
  for (const [address, name] of names) {
    it(`calls ${address} ${name}`, () => {
      assert.strictEqual(recordingName(address), name);
    });
  }

  const told: readonly (readonly [disposition: string, name: string])[] = [
    ['attachment; filename="2026-03-01 Team meeting.m4a"', '2026-03-01 Team meeting.m4a'],
    ['attachment; filename=talk.mp3; size=12', 'talk.mp3'],
    [`attachment; filename="x.mp3"; filename*=UTF-8''caf%C3%A9%20talk.mp3`, 'café talk.mp3'],
    ['inline; filename="caf\u00c3\u00a9.mp3"', 'café.mp3'],
    ['inline; filename="\u4f1a\u8bae.mp3"', '会议.mp3'],
    ['inline; filename="say \\"hi\\".mp3"', 'say -hi-.mp3'],
    ['attachment; filename="../../etc/passwd"', 'passwd'],
    [`attachment; filename*=UTF-8''..%2F..%5Cx.mp3`, 'x.mp3'],
    ['attachment', 'download'],
    ['attachment; filename=""', 'download'],
  ];
  for (const [disposition, name] of told) {
    it(`takes the server's word: ${disposition}`, () => {
      assert.strictEqual(recordingName('https://example.com/download?id=5', disposition), name);
    });
  }

  it('keeps the ending of a name that is too long', () => {
    const name = recordingName(`https://example.com/${'%E4%BC%9A'.repeat(300)}.mp3`);
    assert.match(name, /^会+\.mp3$/u);
    assert.isAtMost(new TextEncoder().encode(name).length, 120);
  });

  it('is the name of a file whatever a server says', () => {
    const sign = fc.oneof(fc.constantFrom('/', '\\', '.', ' ', '"', '\0', ':', '\u202e', '%', ';'), fc.string());
    const text = fc.array(sign, { maxLength: 60 }).map((signs) => signs.join(''));
    fc.assert(
      fc.property(text, fc.constantFrom('filename=', 'filename="', `filename*=UTF-8''`), (said, field) => {
        const name = recordingName('https://example.com/a.mp3', `attachment; ${field}${said}`);
        assert.match(name, /^[^\p{Cc}\p{Cf}/\\:*?"<>|. ](.*[^. ])?$/su);
        assert.isAtMost(new TextEncoder().encode(name).length, 130);
      }),
      { seed: 14, numRuns: 500 },
    );
  });
});
