import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readWavHeader, wavHeader } from '../../src/core/audio/wav';
import { clickNotificationButton, waitForNotification } from '../host/messages';
import { palette } from '../host/quickInput';
import { until } from '../host/until';
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

  it('has a meeting go on by itself, with the time between as a marked hole', async () => {
    const session = user.session();
    const { page, workspace } = session;
    const clip = path.join(path.dirname(workspace), 'meeting.wav');
    const samples = samplesOf(readFileSync(jfkWav())).subarray(0, 4 * BYTES_PER_SECOND);
    writeFileSync(clip, Buffer.concat([wavHeader(samples.length), samples]));
    const meetingFile = (ending: string): string => {
      const found = readdirSync(workspace).filter((name) => name.includes('-meeting') && name.endsWith(ending));
      assert.equal(found.length, 1, found.join());
      return path.join(workspace, found[0] ?? '');
    };
    const spoken = trimmed(samples);

    await palette(page, 'Minutes: Record Meeting');
    await waitForStatusBar(page, 'REC 0:0', 20_000);
    await user.microphone().play(clip);
    // What may be missing: the last half second before the kill.
    await sleep(500);
    for (const host of extensionHosts(user.microphone().env['PULSE_SERVER'] ?? '')) process.kill(host, 'SIGKILL');
    const killed = samplesOf(readFileSync(meetingFile('.wav')));
    assert.ok(killed.includes(spoken), 'the whole clip is on the disk when the host is killed');
    await sleep(1000);
    await page.reload();

    const told = await (await waitForNotification(page, 'Recording goes on', 60_000)).innerText();
    assert.match(told, /Recording goes on: \S+-meeting\.md\. \d+ s were not recorded\./);
    await waitForStatusBar(page, 'REC 0:', 5000);
    await session.shoot('user-32-goes-on');
    await user.microphone().play(clip);
    await clickNotificationButton(page, 'Recording goes on', 'Stop Meeting');
    const text = await until(
      () => {
        const now = readFileSync(meetingFile('.md'), 'utf8');
        return now.includes('\nlength: 00:') ? now : undefined;
      },
      { what: 'the note is complete', timeoutMs: 60_000 },
    );
    await session.shoot('user-33-went-on');
    const transcript = text.slice(text.indexOf('## Transcript'));
    assert.match(
      transcript,
      /fellow Americans[^]*\n\n> Not recorded at 0:\d\d, for 0:\d\d: the window was closed\n\n[^]*fellow Americans/,
    );
    const whole = samplesOf(readFileSync(meetingFile('.wav')));
    assert.deepEqual(whole.subarray(0, killed.length), killed, 'what was on the disk is there still');
    const [first, second] = [whole.indexOf(spoken), whole.lastIndexOf(spoken)];
    assert.ok(first >= 0 && second > first, 'every sample of both clips is in the recording');
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
