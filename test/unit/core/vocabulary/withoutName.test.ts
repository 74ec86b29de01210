import { assert } from 'chai';
import { withoutName } from '../../../../src/core/vocabulary/withoutName';
import { term, textsOf } from './terms';

describe('withoutName', () => {
  for (const [name, absent] of [
    ['grundfosTalk.mp3', ['grundfosTalk']],
    ['GrundfosTalk.final.m4a', ['grundfosTalk']],
    ['grundfos-talk.mp3', ['grundfosTalk', 'grundfos_talk']],
    ['Grundfos Talk.wav', ['grundfosTalk', 'Grundfos Talk']],
    ['meeting 2026-11-29 14.02.05.wav', ['meeting 2026-11-29 14.02.05']],
    ['grundfosTalk', ['grundfosTalk']],
    ['会議.mp3', ['会議']],
    ['.mp3', []],
    ['', []],
  ] as const) {
    it(`leaves out what ${JSON.stringify(name)} is called`, () => {
      const kept = ['Kubernetes', 'grundfosTalks', 'talk', '...'];
      const terms = [...kept, ...absent].map((text) => term(text, { kind: 'file' }));
      assert.deepEqual(textsOf(withoutName(terms, name)), kept);
    });
  }

  it('leaves terms of other names as they are, in their order', () => {
    const terms = [term('b'), term('a', { kind: 'person' })];
    assert.deepEqual(withoutName(terms, 'talk.mp3'), terms);
  });
});
