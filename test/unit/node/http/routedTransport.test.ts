import assert from 'node:assert/strict';
import { NEVER } from '../../../../src/core/async/never';
import { proxyInForce, type EditorProxy } from '../../../../src/node/http/proxyInForce';
import { RoutedTransport } from '../../../../src/node/http/routedTransport';
import {
  TransportFailure,
  type HttpAnswer,
  type HttpRequest,
  type HttpTransport,
} from '../../../../src/node/http/transport';
import { KeptLog } from '../speech/asking';
import { assertAborts, errorFrom } from '../problems';

const PROXY = 'http://proxy.example:3128';
const CLOUD = 'https://api.example.com/v1/models';
const LOOPBACKS = ['http://127.0.0.1:9/v1', 'http://localhost:9/v1', 'https://[::1]:9/v1', 'http://127.1.2.3/v1'];

/** Does what it is told, and remembers where it was sent. */
class FakeTransport implements HttpTransport {
  readonly sent: string[] = [];
  isDisposed = false;

  constructor(private readonly answer: (request: HttpRequest) => HttpAnswer) {}

  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    signal.throwIfAborted();
    this.sent.push(request.url);
    await Promise.resolve();
    return this.answer(request);
  }

  dispose(): Promise<void> {
    this.isDisposed = true;
    return Promise.resolve();
  }
}

const good = (): HttpAnswer => ({ status: 200, headers: {}, body: '' });
const failing = (problem: TransportFailure['problem'], reason: string) => (): never => {
  throw new TransportFailure(problem, reason);
};

function routed(
  direct: FakeTransport,
  editor: FakeTransport,
  proxy: () => string | undefined = () => undefined,
): { transport: RoutedTransport; log: KeptLog; get: (url: string) => Promise<HttpAnswer> } {
  const log = new KeptLog();
  const transport = new RoutedTransport({ direct, editor, proxyInForce: proxy, log });
  return { transport, log, get: (url) => transport.send({ method: 'GET', url, headers: {} }, NEVER) };
}

describe('RoutedTransport', () => {
  it('goes straight to everything where no proxy is set', async () => {
    const [direct, editor] = [new FakeTransport(good), new FakeTransport(good)];
    const { get, log } = routed(direct, editor);
    for (const url of [CLOUD, ...LOOPBACKS]) await get(url);
    assert.deepEqual([direct.sent, editor.sent], [[CLOUD, ...LOOPBACKS], []]);
    assert.deepEqual(log.entries, []);
  });

  it('goes through the editor where a proxy is set, but never to loopback, and says so once per host', async () => {
    const [direct, editor] = [new FakeTransport(good), new FakeTransport(good)];
    const { get, log } = routed(direct, editor, () => PROXY);
    for (const url of [CLOUD, CLOUD, ...LOOPBACKS, 'https://127.example.com/v1']) await get(url);
    assert.deepEqual([direct.sent, editor.sent], [LOOPBACKS, [CLOUD, CLOUD, 'https://127.example.com/v1']]);
    assert.deepEqual(
      log.of('routed').map(({ host, via, reason }) => [host, via, reason]),
      [
        ['api.example.com', 'editor', 'a proxy is set'],
        ['127.example.com', 'editor', 'a proxy is set'],
      ],
    );
    assert.ok(!JSON.stringify(log.entries).includes('proxy.example'), 'an address may hold a password');
  });

  it('asks for the proxy anew for every request', async () => {
    const [direct, editor] = [new FakeTransport(good), new FakeTransport(good)];
    let proxy: string | undefined;
    const { get } = routed(direct, editor, () => proxy);
    await get(CLOUD);
    proxy = PROXY;
    await get(CLOUD);
    proxy = undefined;
    await get(CLOUD);
    assert.deepEqual([direct.sent.length, editor.sent.length], [2, 1]);
  });

  for (const url of [CLOUD, 'https://localhost:8443/v1']) {
    it(`asks the editor after a certificate that it does not know, and from then on first: ${url}`, async () => {
      const direct = new FakeTransport(failing('certificate', 'SELF_SIGNED_CERT_IN_CHAIN'));
      const editor = new FakeTransport(good);
      const { get, log } = routed(direct, editor);
      for (let i = 0; i < 3; i++) assert.equal((await get(url)).status, 200);
      assert.deepEqual([direct.sent.length, editor.sent.length], [1, 3]);
      assert.deepEqual(
        log.of('routed').map(({ via, reason }) => [via, reason]),
        [['editor', 'SELF_SIGNED_CERT_IN_CHAIN']],
      );
      await get('https://other.example.com/v1');
      assert.equal(direct.sent.length, 2, 'another host is another matter');
    });
  }

  it('forgets the editor where its store does not know the certificate either', async () => {
    const certificate = failing('certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT');
    const [direct, editor] = [new FakeTransport(certificate), new FakeTransport(certificate)];
    const { get } = routed(direct, editor);
    for (let i = 0; i < 2; i++) {
      const thrown = await errorFrom(get(CLOUD));
      assert.ok(thrown instanceof TransportFailure && thrown.problem === 'certificate');
    }
    assert.deepEqual([direct.sent.length, editor.sent.length], [2, 2]);
  });

  it('asks nobody else after any other failure, or after an abort', async () => {
    for (const problem of ['unreachable', 'reset', 'timeout', 'answerTooLarge'] as const) {
      const [direct, editor] = [new FakeTransport(failing(problem, 'SCRIPTED')), new FakeTransport(good)];
      const thrown = await errorFrom(routed(direct, editor).get(CLOUD));
      assert.ok(thrown instanceof TransportFailure && thrown.problem === problem);
      assert.equal(editor.sent.length, 0);
    }
    const [direct, editor] = [new FakeTransport(good), new FakeTransport(good)];
    const { transport } = routed(direct, editor);
    await assertAborts(transport.send({ method: 'GET', url: CLOUD, headers: {} }, AbortSignal.abort()));
    assert.deepEqual([direct.sent, editor.sent], [[], []]);
  });

  it('disposes of both', async () => {
    const [direct, editor] = [new FakeTransport(good), new FakeTransport(good)];
    await routed(direct, editor).transport.dispose();
    assert.ok(direct.isDisposed && editor.isDisposed);
  });
});

describe('proxyInForce', () => {
  const cases: readonly (readonly [
    name: string,
    editor: Partial<EditorProxy>,
    environment: Readonly<Record<string, string | undefined>>,
    expected: string | undefined,
  ])[] = [
    ['nothing', {}, {}, undefined],
    ['blank values', { address: ' ' }, { https_proxy: '', HTTPS_PROXY: '  ', http_proxy: undefined }, undefined],
    ['the setting', { address: PROXY }, {}, PROXY],
    ['the setting before the environment', { address: PROXY }, { https_proxy: 'http://other' }, PROXY],
    ['https_proxy', {}, { https_proxy: PROXY, all_proxy: 'http://other' }, PROXY],
    ['HTTPS_PROXY', {}, { HTTPS_PROXY: PROXY, HTTP_PROXY: 'http://other' }, PROXY],
    ['all_proxy', {}, { all_proxy: PROXY, http_proxy: 'http://other' }, PROXY],
    ['ALL_PROXY', {}, { ALL_PROXY: PROXY }, PROXY],
    ['http_proxy', {}, { http_proxy: PROXY }, PROXY],
    ['HTTP_PROXY', {}, { HTTP_PROXY: PROXY }, PROXY],
    ['no_proxy alone', {}, { no_proxy: '*' }, undefined],
    ['a setting that is off', { address: PROXY, isOff: true }, { https_proxy: PROXY }, undefined],
  ];
  for (const [name, editor, environment, expected] of cases) {
    it(`${name}: ${expected ?? 'none'}`, () => {
      assert.equal(proxyInForce({ address: '', isOff: false, ...editor }, environment), expected);
    });
  }
});
