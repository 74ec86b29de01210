import { assert } from 'chai';
import { isPageType, isWebPage } from '../../../../src/core/downloads/webPage';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

describe('isWebPage', () => {
  for (const page of [
    '<!DOCTYPE html><html>',
    '<!doctype HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">',
    '\n\n  <html lang="en">',
    '\xef\xbb\xbf<!-- made by -->\n<!DOCTYPE html>',
    '<?xml version="1.0"?><!DOCTYPE html>',
    '\xff\xfe<\0h\0t\0m\0l\0>\0',
    '<script>location="/login"</script>',
  ]) {
    it(`sees ${JSON.stringify(page)}`, () => {
      assert.isTrue(isWebPage(bytes(page)));
    });
  }

  it('leaves sound alone', () => {
    for (const first of [
      'ID3\x04',
      'RIFF\0\0\0\0WAVE',
      'fLaC',
      'OggS',
      '\x1aE\xdf\xa3',
      '\0\0\0 ftypM4A ',
      '<htmlish',
      '',
    ])
      assert.isFalse(isWebPage(bytes(first)), first);
  });

  it('knows the types of pages', () => {
    assert.isTrue(isPageType('text/html; charset=utf-8'));
    assert.isTrue(isPageType('application/xhtml+xml'));
    for (const type of [undefined, '', 'audio/mpeg', 'application/octet-stream', 'text/plain'])
      assert.isFalse(isPageType(type), type);
  });
});
