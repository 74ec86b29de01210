import { expect } from 'chai';
import { readAnswer } from '../../../bench/engine/readAnswer';

describe('readAnswer', () => {
  const answer = { language: 'english', text: ' Hi.', segments: [], words: [] };

  it('reads what the engine marks as unheard', () => {
    const { unheard } = readAnswer(JSON.stringify({ ...answer, unheard: [{ start: 1.5, end: 4 }] }), 7);
    expect(unheard).to.deep.equal([{ startS: 1.5, endS: 4 }]);
  });

  it('takes an answer without such a list for one that marks nothing', () => {
    expect(readAnswer(JSON.stringify(answer), 7)).to.deep.equal({
      language: 'english',
      text: 'Hi.',
      segments: [],
      words: [],
      unheard: [],
      wallMs: 7,
    });
  });

  it('refuses a mark that it cannot read', () => {
    const read = (): unknown => readAnswer(JSON.stringify({ ...answer, unheard: [{ start: 1 }] }), 7);
    expect(read).to.throw('no number "end"');
  });
});
