import { assert } from 'chai';
import { answeredFile, mayBeSame, unlessSame } from '../../../../src/core/downloads/answeredFile';
import { byteRange } from '../../../../src/core/downloads/byteRange';

const CHANGED = 'Sun, 01 Mar 2026 14:00:00 GMT';
const CHANGED_MS = Date.UTC(2026, 2, 1, 14);

describe('byteRange', () => {
  it('reads where a part begins and how large the whole is', () => {
    assert.deepEqual(byteRange('bytes 100-199/200'), { fromByte: 100, totalBytes: 200 });
    assert.deepEqual(byteRange(' bytes 0-9/* '), { fromByte: 0 });
    for (const text of [undefined, '', 'bytes */200', 'items 0-9/10', 'bytes 0-/10'])
      assert.isUndefined(byteRange(text), text);
  });
});

describe('answeredFile', () => {
  it('tells size, change and what no other file has', () => {
    const headers = { 'content-length': '1000', etag: '"abc"', 'last-modified': CHANGED };
    assert.deepEqual(answeredFile(headers), { sizeBytes: 1000, validator: '"abc"', modifiedMs: CHANGED_MS });
    assert.deepEqual(answeredFile({ 'content-range': 'bytes 5-9/10', 'content-length': '5' }), { sizeBytes: 10 });
    assert.deepEqual(answeredFile({ 'content-length': '-1' }), {});
  });

  it('trusts a date only a minute later, and a weak tag never', () => {
    const later = (date: string): string | undefined =>
      answeredFile({ etag: 'W/"abc"', 'last-modified': CHANGED, date }).validator;
    assert.equal(later('Sun, 01 Mar 2026 14:01:00 GMT'), CHANGED);
    assert.isUndefined(later('Sun, 01 Mar 2026 14:00:59 GMT'));
    assert.isUndefined(later('yesterday'));
  });

  it('knows no size and no range of what is packed for the way', () => {
    const headers = { 'content-encoding': 'gzip', 'content-length': '10', etag: '"abc"', 'last-modified': CHANGED };
    assert.deepEqual(answeredFile(headers), { modifiedMs: CHANGED_MS });
    assert.deepEqual(answeredFile({ 'content-encoding': 'identity', 'content-length': '10' }), { sizeBytes: 10 });
  });

  it('takes two for the same unless something that both tell differs', () => {
    assert.isTrue(mayBeSame({ sizeBytes: 1, validator: '"a"' }, { sizeBytes: 1 }));
    assert.isTrue(mayBeSame({ validator: '"a"' }, { validator: '"a"', sizeBytes: 3 }));
    assert.isFalse(mayBeSame({ sizeBytes: 1, validator: '"a"' }, { sizeBytes: 1, validator: '"b"' }));
    assert.isFalse(mayBeSame({ sizeBytes: 1 }, { sizeBytes: 2 }));
  });

  it('asks for another file by its tag or its date', () => {
    assert.deepEqual(unlessSame({ validator: '"a"' }), { 'if-none-match': '"a"' });
    assert.deepEqual(unlessSame({ validator: CHANGED }), { 'if-modified-since': CHANGED });
    assert.deepEqual(unlessSame({}), {});
  });
});
