import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readWavHeader, wavHeader } from '../../src/core/audio/wav';
import { clickNotificationButton, waitForNotification } from '../host/messages';
import { waitForEditorText, waitForStatusBar } from '../host/workbench';
import { jfkWav } from '../speech';
import { useSpeakingUser } from './speakingUser';
import { statusItem } from './statusItem';

const BYTES_PER_SECOND = 32_000;

/** The processes of VS Code's extension host that were started with this in their environment. */
function extensionHosts(marker: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => {
      try {
        const command = readFileSync(`/proc/${id}/cmdline`, 'utf8');
        return command.includes('--type=extensionHost') && readFileSync(`/proc/${id}/environ`, 'utf8').includes(marker);
      } catch {
        return false; // ended meanwhile
      }
    })
    .map(Number);
}

describe('A user whose editor is killed while recording', function () {
  this.timeout(180_000);
  const user = useSpeakingUser();

  it('is offered the recording at the next start, with at most the last half second missing', async () => {
    const session = user.session();
    const { page } = session;
    const clip = path.join(path.dirname(session.workspace), 'clip.wav');
    const samples = samplesOf(readFileSync(jfkWav())).subarray(0, 4 * BYTES_PER_SECOND);
    writeFileSync(clip, Buffer.concat([wavHeader(samples.length), samples]));
    await statusItem(page).click();
    await waitForStatusBar(page, '0:0', 20_000);
    await user.microphone().play(clip);
    await sleep(500);
    const hosts = extensionHosts(user.microphone().env['PULSE_SERVER'] ?? '');
    assert.ok(hosts.length > 0, 'an extension host is there to be killed');
    for (const host of hosts) process.kill(host, 'SIGKILL');
    await sleep(1000);
    await page.reload();

    const offer = 'was not finished';
    const text = await (await waitForNotification(page, offer, 60_000)).innerText();
    assert.match(text, /A recording was not finished: 00:00:0\d from/);
    await session.shoot('user-30-offered');
    const folder = path.join(session.storageFolder, 'recordings');
    const [name, ...others] = readdirSync(folder).filter((file) => file.endsWith('.wav'));
    assert.ok(name !== undefined && others.length === 0);
    // All that was said until half a second before the kill is there, sample for sample.
    assert.ok(
      samplesOf(readFileSync(path.join(folder, name))).includes(trimmed(samples)),
      'the whole clip is in the recording',
    );

    await clickNotificationButton(page, offer, 'Transcribe');
    await waitForEditorText(page, 'fellow', 60_000);
    await session.shoot('user-31-recovered');
  });
});

function samplesOf(file: Buffer): Buffer {
  const header = readWavHeader(file, file.length);
  if (header.kind !== 'pcm') throw new Error('that is no WAV');
  return file.subarray(header.layout.dataOffsetBytes);
}

/** Without the zeros at both ends, which the virtual microphone may give fewer or more of. */
function trimmed(samples: Buffer): Buffer {
  let [start, end] = [0, samples.length];
  while (start < end && samples.readInt16LE(start) === 0) start += 2;
  while (end > start && samples.readInt16LE(end - 2) === 0) end -= 2;
  return samples.subarray(start, end);
}
