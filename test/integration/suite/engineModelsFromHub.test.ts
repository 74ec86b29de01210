import assert from 'node:assert/strict';
import { workspace } from 'vscode';
import { message, noMessages, ui, until } from '../window';
import { askFor, ASKS, installed, isInstalled, LIST, NAME, openList, ROWS, smallHub } from '../engineModelList';

describe('Offline Models', () => {
  const { startHub } = smallHub();

  it('says what a download takes, downloads, prepares and uses it', async () => {
    const { requests } = await startHub();
    const [done] = await askFor();
    await ui('waitQuickInput', { has: ASKS });
    assert.match(
      await ui('rowText', { selector: ROWS, has: 'Download 5' }),
      /Download 5\.\d MB\s*from 127\.0\.0\.1:\d+\s*Takes .* of the disk for a while and .* for good; .* are free\./,
    );
    assert.match(await ui('rowText', { selector: ROWS, has: 'Licence' }), /Licence: apache-2\.0/);
    await ui('screenshot', { name: 'integration-engine-model-consent' });
    // Nothing large before the answer.
    assert.ok(!requests.some(({ server }) => server === 'other'));
    await ui('press', { key: 'Enter' });
    await installed();
    await done;
    assert.ok(isInstalled());
    for (const { headers } of requests) {
      assert.equal(headers.authorization, undefined);
      assert.match(headers['user-agent'] ?? '', /^Minutes\/\d/);
    }
    const [again] = await openList();
    assert.match(await ui('rowText', { selector: ROWS, has: 'licence apache-2.0' }), new RegExp(`^${NAME}`));
    await ui('pickQuickInput', { label: NAME, has: LIST });
    await again;
    assert.equal(workspace.getConfiguration().get('minutes.embedded.model'), NAME);
  });

  it('fetches nothing where the user does not want it', async () => {
    const { requests } = await startHub();
    const [done] = await askFor();
    await ui('pickQuickInput', { label: 'Do not download', has: ASKS });
    assert.equal(await done, false);
    assert.ok(!requests.some(({ server }) => server === 'other'));
    assert.ok(!isInstalled());
  });

  it('keeps what arrived when it is cancelled, shows how far it is, and goes on from there', async () => {
    const { faults, requests } = await startHub({ bytesPerS: 600_000 });
    const [done] = await askFor();
    await ui('waitQuickInput', { has: ASKS });
    await ui('press', { key: 'Enter' });
    // The large file, which goes on in its middle, comes behind a third of small ones.
    const isFar = async (): Promise<boolean> => / of 5\.\d MB \([4-8]\d %/.test(await message(`Installing ${NAME}`));
    await until(isFar, { what: 'a part of the large file' });
    // A second one of the same model is none.
    const [second] = await askFor();
    await message('is being installed already');
    await second;
    await ui('screenshot', { name: 'integration-engine-model-download' });
    await ui('clickNotificationButton', { text: `Installing ${NAME}`, button: 'Cancel' });
    await done;
    assert.match(await message('are kept; the download continues there'), /Stopped\. [\d.]+ MB of 5\.\d MB of/);
    assert.ok(!isInstalled());
    await noMessages();
    const [list] = await openList();
    assert.match(await ui('rowText', { selector: ROWS, has: NAME }), /continue, [\d.]+ MB of 5\.\d MB/);
    delete faults.bytesPerS;
    await ui('pickQuickInput', { label: NAME, has: LIST });
    await ui('waitQuickInput', { has: ASKS });
    assert.match(await ui('rowText', { selector: ROWS, has: 'Continue' }), /Continue: [\d.]+ MB of 5\.\d MB are left/);
    await ui('press', { key: 'Enter' });
    await installed();
    await list;
    assert.ok(requests.some(({ server, headers }) => server === 'other' && /bytes=[1-9]/.test(headers.range ?? '')));
  });

  it('says that what arrived is not what was announced, and tries again', async () => {
    const { faults } = await startHub({ wrongByte: 'model.safetensors' });
    const [done] = await askFor();
    await ui('waitQuickInput', { has: ASKS });
    await ui('press', { key: 'Enter' });
    await message('arrived damaged');
    await done;
    assert.deepEqual(await ui('notificationButtons', { text: 'arrived damaged' }), ['Open Setting', 'Try Again']);
    assert.ok(!isInstalled());
    delete faults.wrongByte;
    await ui('clickNotificationButton', { text: 'arrived damaged', button: 'Try Again' });
    await installed();
    assert.ok(isInstalled());
  });

  it('says what is missing in a repository that is no whole model', async () => {
    await startHub({ missing: ['tokenizer.json'] });
    const [done] = await askFor();
    assert.match(await message('lacks what the embedded engine needs'), /tokenizer\.json/);
    await done;
  });

  it('says that a model is unknown, and that the hub cannot be reached', async () => {
    const hub = await startHub();
    const [done] = await askFor('minutes-tests/no-such-model');
    await message('"minutes-tests/no-such-model" was not found');
    await done;
    await noMessages();
    await hub.close();
    const [unreachable] = await askFor();
    const text = `${new URL(hub.url).host} cannot be reached`;
    await message(text);
    await unreachable;
    assert.deepEqual(await ui('notificationButtons', { text }), [
      'Add Model from Folder…',
      'Open Setting',
      'Try Again',
    ]);
  });
});
