import { assert } from 'chai';
import { chooseModel, type ModelNeeds } from '../../../../src/core/engineModels/chooseModel';
import type { InstalledModel } from '../../../../src/core/engineModels/engineModel';
import { problemThrownBy } from '../expectations';

const model = (
  name: string,
  millions: number,
  changes: Partial<InstalledModel> & { factor?: number } = {},
): InstalledModel => {
  const { factor = 0.5, ...more } = changes;
  const speed = { realTimeFactor: factor, measuredMs: 0 };
  const common = {
    installedBytes: 1,
    languages: ['de', 'en'],
    canTranslate: true,
    parameterCount: millions * 1e6,
    speed,
  };
  return { name, folder: `/models/${name}`, ...common, ...more };
};
const english = { languages: ['en'], canTranslate: false };
const chosen = (setting: string, installed: readonly InstalledModel[], needs: ModelNeeds = {}): string => {
  const choice = chooseModel(setting, installed, needs);
  return choice.kind === 'small' ? 'small' : choice.model.name;
};

describe('chooseModel', () => {
  it('takes the small one where nothing better is installed, or where it is named', () => {
    assert.equal(chosen('auto', []), 'small');
    assert.equal(chosen('', []), 'small');
    assert.equal(chosen(' vosk-small-en-us ', [model('a/b', 72)]), 'small');
  });

  it('takes the largest that is quicker than speech here', () => {
    const all = [model('a/tiny', 38), model('a/base', 73), model('a/large', 1543, { factor: 1 })];
    assert.equal(chosen('auto', all), 'a/base');
    assert.equal(chosen('auto', [...all].reverse()), 'a/base');
  });

  it('takes none that nobody measured', () => {
    const unmeasured = Object.fromEntries(Object.entries(model('a/base', 73)).filter(([key]) => key !== 'speed'));
    assert.equal(chosen('auto', [unmeasured as unknown as InstalledModel]), 'small');
  });

  it('takes an English one only where English is spoken, or nothing else is there', () => {
    const all = [model('a/base', 72.594), model('a/base.en', 72.593, english), model('a/small.en', 242, english)];
    assert.equal(chosen('auto', all), 'a/base');
    assert.equal(chosen('auto', all, { language: 'en' }), 'a/small.en');
    assert.equal(chosen('auto', all.slice(0, 2), { language: 'en' }), 'a/base.en');
    assert.equal(chosen('auto', all, { language: 'de' }), 'a/base');
    assert.equal(chosen('auto', all.slice(1), { language: 'de' }), 'small');
    assert.equal(chosen('auto', all.slice(1)), 'a/small.en');
  });

  it('takes one that translates where that is wanted', () => {
    const all = [model('a/base', 73), model('a/turbo', 809, { canTranslate: false })];
    assert.equal(chosen('auto', all, { task: 'translate' }), 'a/base');
    assert.equal(chosen('auto', all), 'a/turbo');
  });

  it('takes the one that is named, however slow, and tells where it is not here', () => {
    assert.equal(chosen('A/Large', [model('a/large', 1543, { factor: 9 })]), 'a/large');
    const problem = problemThrownBy(() => chooseModel('a/b', []));
    assert.deepEqual(problem, { code: 'modelNotInstalled', model: 'a/b' });
  });
});
