import { expect } from 'chai';
import { englishKinds, quickFiles, wasmFiles } from '../../../bench/engine/testFiles';
import type { SpeechFile } from '../../../speech';

const recording = (file: string, some: Partial<SpeechFile> = {}): SpeechFile => ({
  file,
  seconds: 5,
  kind: 'read',
  language: 'en',
  reference: 'words',
  wordTimes: [],
  terms: [],
  ...some,
});

describe('quickFiles', () => {
  it('takes every sixteenth of each kind and the shortest of each language', () => {
    const english = Array.from({ length: 18 }, (_, i) => recording(`en${i}`, { seconds: 10 - i / 4 }));
    const noise = Array.from({ length: 3 }, (_, i) =>
      recording(`noise${i}`, { kind: 'noise', language: '', seconds: i + 1 }),
    );
    const german = [recording('long', { language: 'de', seconds: 40 }), recording('short', { language: 'de' })];
    const names = quickFiles([...english, ...noise, ...german]).map(({ file }) => file);
    expect(names).to.deep.equal(['en0', 'en16', 'en17', 'noise0', 'short']);
  });
});

describe('englishKinds', () => {
  it('puts each English recording with known words under one kind', () => {
    const files = [
      recording('ami/1', { kind: 'meeting' }),
      recording('lj/1'),
      recording('tech/1', { kind: 'read, technical documentation' }),
      recording('tech/2', { language: 'fr' }),
      recording('dev/1'),
      recording('soundalike/1'),
      recording('jfk'),
      recording('ami/2', { kind: 'meeting', reference: '' }),
    ];
    const kinds = englishKinds(files).map(([, some]) => some.map(({ file }) => file));
    expect(kinds).to.deep.equal([['ami/1'], ['lj/1'], ['tech/1'], ['dev/1'], ['soundalike/1'], ['jfk']]);
  });
});

describe('wasmFiles', () => {
  it('takes so many recordings of speech, evenly', () => {
    const files = [...Array.from({ length: 20 }, (_, i) => recording(`${i}`)), recording('hum', { kind: 'noise' })];
    expect(wasmFiles(files, 2).map(({ file }) => file)).to.deep.equal(['0', '10']);
    expect(wasmFiles(files).map(({ file }) => file)).to.have.length(10);
    expect(wasmFiles(files.slice(0, 3), 10)).to.have.length(3);
  });
});
