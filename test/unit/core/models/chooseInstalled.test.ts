import { assert } from 'chai';
import { chooseInstalled, parseModelSetting, type ModelNeeds } from '../../../../src/core/models/chooseInstalled';
import type { InstalledModel } from '../../../../src/core/models/engineModel';
import { problemThrownBy } from '../expectations';

/** @param factor null: nobody measured it */
const model = (
  name: string,
  millions: number,
  changes: Partial<InstalledModel> & { factor?: number | null } = {},
): InstalledModel => {
  const { factor = 0.5, ...more } = changes;
  const common = { installedBytes: 1, languages: ['de', 'en'], canTranslate: true, parameterCount: millions * 1e6 };
  const speed = factor === null ? {} : { speed: { realTimeFactor: factor, measuredMs: 0 } };
  return { name, folder: `/models/${name}`, ...common, ...speed, ...more };
};
const bundled = (factor: number | null = null): InstalledModel => model('a/own', 73, { factor, isBundled: true });
const english = { languages: ['en'], canTranslate: false };
const chosen = (setting: string, installed: readonly InstalledModel[], needs: ModelNeeds = {}): string =>
  chooseInstalled(setting, installed, needs).name;

describe('chooseInstalled', () => {
  it('takes the largest that is quicker than speech here', () => {
    const all = [model('a/tiny', 38), model('a/base', 73), model('a/large', 1543, { factor: 1 })];
    assert.equal(chosen('auto', all), 'a/base');
    assert.equal(chosen('', [...all].reverse()), 'a/base');
  });

  it('takes an English one only where English is spoken, or nothing else is there', () => {
    const all = [model('a/base', 72.594), model('a/base.en', 72.593, english), model('a/small.en', 242, english)];
    assert.equal(chosen('auto', all), 'a/base');
    assert.equal(chosen('auto', all, { language: 'en' }), 'a/small.en');
    assert.equal(chosen('auto', all.slice(0, 2), { language: 'en' }), 'a/base.en');
    assert.equal(chosen('auto', all, { language: 'de' }), 'a/base');
    assert.equal(chosen('auto', all.slice(1)), 'a/small.en');
  });

  it('takes one that translates where that is wanted', () => {
    const all = [model('a/base', 73), model('a/turbo', 809, { canTranslate: false })];
    assert.equal(chosen('auto', all, { task: 'translate' }), 'a/base');
    assert.equal(chosen('auto', all), 'a/turbo');
  });

  describe('with one that comes with Minutes', () => {
    it('takes that where nothing better is here, measured or not, slow or not', () => {
      for (const factor of [null, 0.1, 9]) assert.equal(chosen('auto', [bundled(factor)]), 'a/own');
      const small = model('a/tiny', 38);
      for (const factor of [null, 0.1]) assert.equal(chosen('auto', [bundled(factor), small]), 'a/own');
      const unmeasured = model('a/large', 1543, { factor: null });
      const slow = model('a/medium', 769, { factor: 1 });
      for (const factor of [null, 0.1, 9]) assert.equal(chosen('auto', [bundled(factor), unmeasured, slow]), 'a/own');
    });

    it('takes a better one that is quick enough here, or a smaller one where only that is', () => {
      assert.equal(chosen('auto', [bundled(), model('a/small', 244)]), 'a/small');
      assert.equal(chosen('auto', [bundled(1.5), model('a/tiny', 38)]), 'a/tiny');
    });

    it('takes what somebody installed before an equal that came along', () => {
      const trained = model('me/trained', 73, { factor: 0.6 });
      for (const factor of [null, 0.1]) assert.equal(chosen('auto', [bundled(factor), trained]), 'me/trained');
    });

    it('takes it where a better one cannot do the job', () => {
      const better = model('a/small.en', 242, english);
      assert.equal(chosen('auto', [bundled(), better]), 'a/own');
      assert.equal(chosen('auto', [bundled(), better], { language: 'en' }), 'a/small.en');
      assert.equal(chosen('auto', [bundled(), better], { language: 'de' }), 'a/own');
      assert.equal(chosen('auto', [bundled(), better], { language: 'en', task: 'translate' }), 'a/own');
    });

    it('takes it for a language that no model knows, so that the engine says so', () => {
      assert.equal(chosen('auto', [model('a/base', 73), bundled()], { language: 'xx' }), 'a/own');
    });
  });

  describe('in a package without a model', () => {
    it('says so where none is here', () => {
      for (const setting of ['auto', '', 'vosk-small-en-us']) {
        const problem = problemThrownBy(() => chooseInstalled(setting, []));
        assert.deepEqual(problem, { code: 'modelMissing' });
      }
    });

    it('takes the quickest that can do the job, be it slower than speech or measured by nobody', () => {
      const [slow, slower] = [model('a/base', 73, { factor: 2 }), model('a/small', 244, { factor: 5 })];
      const unmeasured = model('a/tiny', 38, { factor: null });
      assert.equal(chosen('auto', [slower, unmeasured, slow]), 'a/base');
      assert.equal(chosen('auto', [model('a/large', 1543, { factor: null }), unmeasured]), 'a/tiny');
      assert.equal(chosen('auto', [model('a/base.en', 73, english), slower], { language: 'de' }), 'a/small');
    });

    it('takes one that cannot do the job rather than none: the engine says what it cannot', () => {
      assert.equal(chosen('auto', [model('a/base.en', 73, english)], { task: 'translate' }), 'a/base.en');
    });
  });

  it('takes the one that is named, however slow, and tells where it is not here', () => {
    assert.equal(chosen('A/Large', [model('a/large', 1543, { factor: 9 }), bundled()]), 'a/large');
    const problem = problemThrownBy(() => chooseInstalled(' a/b ', [bundled()]));
    assert.deepEqual(problem, { code: 'modelNotInstalled', model: 'a/b' });
  });

  it('takes the small model of earlier versions for auto', () => {
    for (const setting of ['vosk-small-en-us', ' Vosk-Small-EN-US ', 'AUTO', ' ', 'auto']) {
      assert.equal(parseModelSetting(setting), 'auto');
      assert.equal(chosen(setting, [bundled(), model('a/small', 244)]), 'a/small');
    }
    assert.equal(parseModelSetting(' A/Large '), 'A/Large');
  });
});
