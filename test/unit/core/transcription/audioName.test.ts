import { assert } from 'chai';
import { audioName } from '../../../../src/core/transcription/audioName';

describe('audioName', () => {
  const names: readonly (readonly [address: string, name: string])[] = [
    ['https://example.com/talks/All%20hands.mp3?token=secret#t=1', 'All hands.mp3'],
    ['https://example.com/talks/', 'talks'],
    ['https://example.com/100%25/50%.mp3', '50%.mp3'],
    ['https://example.com/', 'example.com'],
    ['https://example.com:8443?file=a.mp3', 'example.com:8443'],
    ['https://[', 'https://['],
  ];
  for (const [address, name] of names) {
    it(`calls ${address} ${name}`, () => {
      assert.strictEqual(audioName(address), name);
    });
  }
});
