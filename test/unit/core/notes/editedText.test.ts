import { assert } from 'chai';
import { editedText } from '../../../../src/core/notes/editedText';

describe('editedText', () => {
  it('applies edits that all count from the text before any of them', () => {
    const edits = [
      { offset: 0, removedLength: 0, text: 'At first ' },
      { offset: 0, removedLength: 3, text: 'two' },
      { offset: 6, removedLength: 2, text: '' },
      { offset: 8, removedLength: 0, text: '!' },
    ];
    assert.equal(editedText('one, a b', edits), 'At first two, a!');
  });

  it('leaves a text without edits as it is', () => {
    assert.equal(editedText('one\r\n', []), 'one\r\n');
  });
});
