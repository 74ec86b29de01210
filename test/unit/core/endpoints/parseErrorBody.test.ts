import { assert } from 'chai';
import { parseErrorBody } from '../../../../src/core/endpoints/parseErrorBody';

describe('parseErrorBody', () => {
  const bodies: readonly (readonly [
    why: string,
    body: string,
    expected: { message: string; code?: string; isMarkup?: boolean },
  ])[] = [
    [
      'reads message and code of the API’s own shape',
      '{"error":{"message":"Too long","type":"invalid_request_error","code":"invalid_prompt"}}',
      { message: 'Too long', code: 'invalid_prompt' },
    ],
    [
      'reads an error that is a string',
      '{"error":"failed to read audio data"}',
      { message: 'failed to read audio data' },
    ],
    ['reads FastAPI’s detail', '{"detail":"Model not found"}', { message: 'Model not found' }],
    ['reads a bare message', '{"message":"Unauthorized"}', { message: 'Unauthorized' }],
    [
      'reads a proxy’s page without its markup',
      '<html><head><style>h1 {\n color: red }</style><script>if (a < b) x()</script></head>\n<body><h1>502</h1>\n<p>Bad Gateway</p></body></html>',
      { message: '502 Bad Gateway', isMarkup: true },
    ],
    [
      'says once what a page has in its title and in its body',
      '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>',
      { message: '502 Bad Gateway nginx', isMarkup: true },
    ],
    [
      'keeps a title that says more than the body',
      '<html><head><title>Access denied</title></head><body>Ask your administrator.</body></html>',
      { message: 'Access denied Ask your administrator.', isMarkup: true },
    ],
    [
      'leaves out a title that the body says but for the status',
      '<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1><p>Come back.</p></body></html>',
      { message: 'Service Unavailable Come back.', isMarkup: true },
    ],
    ['reads a page that is only a title', '<html><title>502</title></html>', { message: '502', isMarkup: true }],
    ['takes a firewall’s plain text as it is', 'error code: 1010', { message: 'error code: 1010' }],
    ['leaves out a code that is no word', '{"error":{"message":"no","code":400}}', { message: 'no' }],
    [
      'reads FastAPI’s list of what is wrong with which field',
      '{"detail":[{"type":"missing","loc":["body","model"],"msg":"Field required"},{"loc":["body","file"],"msg":"Field required"}]}',
      { message: 'body.model: Field required' },
    ],
    [
      'reads vLLM’s, whose code is a number',
      '{"object":"error","message":"no such model","type":"NotFoundError","param":null,"code":404}',
      { message: 'no such model' },
    ],
    ['reads a code beside the message', '{"message":"no","code":"busy"}', { message: 'no', code: 'busy' }],
    ['takes a text with a sign in it for no page', 'a < b', { message: 'a < b' }],
    ['knows a page without a head', '\n<h1>Sorry</h1>', { message: 'Sorry', isMarkup: true }],
    [
      'reads an error within FastAPI’s detail, and its code',
      '{"detail":{"error":"CUDA out of memory","code":"out_of_memory"}}',
      { message: 'CUDA out of memory', code: 'out_of_memory' },
    ],
    [
      'reads the API’s own shape within a detail',
      '{"detail":{"error":{"message":"Model not loaded","code":"model_not_loaded"}}}',
      { message: 'Model not loaded', code: 'model_not_loaded' },
    ],
    ['reads a message within a detail', '{"detail":{"message":"Busy","status":503}}', { message: 'Busy' }],
    ['reads a detail within an error', '{"error":{"detail":"Queue is full","code":7}}', { message: 'Queue is full' }],
    ['reads an error within an error', '{"error":{"error":"No GPU"}}', { message: 'No GPU' }],
    ['reads a list of errors', '{"errors":[{"message":"Too long"},{"message":"Too loud"}]}', { message: 'Too long' }],
    ['reads a list of texts', '{"detail":["No file"]}', { message: 'No file' }],
    ['reads an error in a list', '[{"error":{"code":400,"message":"Bad key"}}]', { message: 'Bad key' }],
    ['reads a text that is JSON', '"Not authorised"', { message: 'Not authorised' }],
    ['reads a reason, a msg, a title', '{"error":{"reason":"Overloaded"}}', { message: 'Overloaded' }],
    ['reads a bare msg', '{"code":"busy","msg":"Try later"}', { message: 'Try later', code: 'busy' }],
    [
      'reads a problem as in RFC 9457',
      '{"type":"about:blank","title":"Forbidden","detail":"No audio for you","status":403}',
      { message: 'No audio for you' },
    ],
    ['reads a title where there is nothing else', '{"title":"Forbidden","status":403}', { message: 'Forbidden' }],
    ['passes over what is empty', '{"error":"","message":" ","detail":"Real reason"}', { message: 'Real reason' }],
    ['shows a shape it does not know', '{"detail":[{"loc":["body"]}]}', { message: '{"detail":[{"loc":["body"]}]}' }],
    ['says nothing where nothing was said', '', { message: '' }],
  ];
  for (const [why, body, expected] of bodies) {
    it(why, () => {
      const told = parseErrorBody(body);
      assert.deepStrictEqual(told, { isMarkup: false, whole: told.whole, ...expected });
    });
  }

  it('keeps the whole message beside the shortened one', () => {
    const message = `${'Rate limit reached. '.repeat(20)}Please try again in 9m6s.`;
    assert.strictEqual(parseErrorBody(JSON.stringify({ error: { message } })).whole, message);
  });

  it('shortens a long message and puts it on one line', () => {
    const { message } = parseErrorBody(JSON.stringify({ error: { message: 'word\n\n'.repeat(100) } }));
    assert.lengthOf(message, 200);
    assert.match(message, /^word word .*…$/);
  });
});
