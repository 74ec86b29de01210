import { expect } from 'chai';
import { glossaryOf } from '../../../bench/engine/glossary';
import type { SpeechFile } from '../../../speech';

const recording = (file: string, ...terms: readonly string[]): SpeechFile => ({
  file,
  seconds: 5,
  kind: 'read',
  language: 'en',
  wordTimes: [],
  terms: terms.map((term) => ({ term, count: 1 })),
});

const termsOf = (glossary: string): string[] => {
  expect(glossary.endsWith('.')).to.equal(true);
  return glossary.slice(0, -1).split(', ');
};

describe('glossaryOf', () => {
  const plain = recording('plain.wav');
  const termed = recording('termed.wav', 'pnpm', 'Kubernetes');
  const others = Array.from({ length: 50 }, (_, i) => recording(`other${i}.wav`, `Term${i}`));
  const folder = [plain, termed, ...others];

  it('hides the terms of a recording among thirty others of the folder', () => {
    const terms = termsOf(glossaryOf(termed, folder));
    expect(terms).to.have.length(32);
    expect(new Set(terms).size).to.equal(32);
    expect(terms).to.include.members(['pnpm', 'Kubernetes']);
  });

  it('gives thirty-five of the folder to a recording without terms', () => {
    const terms = termsOf(glossaryOf(plain, folder));
    expect(terms).to.have.length(35);
    expect(new Set(terms).size).to.equal(35);
  });

  it('writes a term once, as the recording itself spells it', () => {
    const terms = termsOf(glossaryOf(termed, [recording('first.wav', 'PNPM', 'kubernetes', 'Zod'), termed]));
    expect(terms).to.have.members(['pnpm', 'Kubernetes', 'Zod']);
  });

  it('is the same for the same recording, and another for another', () => {
    expect(glossaryOf(termed, folder)).to.equal(glossaryOf(termed, folder));
    expect(glossaryOf(plain, folder)).to.not.equal(glossaryOf({ ...plain, file: 'other.wav' }, folder));
  });

  it('puts the recording’s own terms anywhere', () => {
    const places = Array.from({ length: 200 }, (_, i) => {
      const file = { ...termed, file: `${i}.wav` };
      return termsOf(glossaryOf(file, folder)).indexOf('pnpm');
    });
    expect(Math.min(...places)).to.be.lessThan(3);
    expect(Math.max(...places)).to.be.greaterThan(28);
    // Of places 0 to 31 the mean of 200 lies within four standard deviations of the middle.
    expect(places.reduce((sum, place) => sum + place, 0) / places.length).to.be.closeTo(15.5, 2.7);
  });
});
