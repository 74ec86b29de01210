import { assert } from 'chai';
import { redirectTarget } from '../../../../src/core/downloads/redirectTarget';

describe('redirectTarget', () => {
  it('follows https, and http from loopback to loopback', () => {
    assert.equal(redirectTarget('https://a.example/x', '/y'), 'https://a.example/y');
    assert.equal(redirectTarget('https://a.example/x', 'https://b.example/'), 'https://b.example/');
    assert.equal(redirectTarget('http://127.0.0.1:1/x', 'http://127.0.0.1:2/'), 'http://127.0.0.1:2/');
  });

  it('follows nothing else', () => {
    for (const location of [
      'http://b.example/',
      'http://127.0.0.1/',
      'ftp://a/',
      'https://u:p@b.example/',
      'https://',
      undefined,
    ]) {
      assert.isUndefined(redirectTarget('https://a.example/x', location), location);
    }
  });
});
