import { assert } from 'chai';
import { byteRange } from '../../../../src/core/downloads/byteRange';

describe('byteRange', () => {
  it('reads what part came, however the unit is written', () => {
    assert.deepEqual(byteRange('bytes 100-199/200'), { fromByte: 100, totalBytes: 200 });
    // The names of units have no case (RFC 9110, 14.1).
    assert.deepEqual(byteRange(' Bytes 100-199/200'), { fromByte: 100, totalBytes: 200 });
    assert.deepEqual(byteRange('bytes 0-9/*'), { fromByte: 0 });
  });

  it('knows nothing of others', () => {
    for (const text of [undefined, '', 'bytes */200', 'items 0-9/10', 'bytes 5-/10', 'bytes -5/10'])
      assert.isUndefined(byteRange(text));
  });
});
