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
