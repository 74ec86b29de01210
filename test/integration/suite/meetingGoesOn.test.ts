import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Uri, workspace, type ExtensionContext, type Memento } from 'vscode';
import { samplesToSeconds, BYTES_PER_SAMPLE } from '../../../src/core/audio/pcm';
import { wavHeader } from '../../../src/core/audio/wav';
import { SAMPLE_RATE_HZ } from '../../../src/core/model';
import type { TranscriptEntry } from '../../../src/core/transcript/logEntries';
import { sidecarFile } from '../../../src/node/recordings/sidecar';
import { Services } from '../../../src/services';
import { LiveMeeting } from '../../../src/shell/meetings/live/liveMeeting';
import type { LiveMeetings } from '../../../src/shell/meetings/live/liveMeetings';
import { RecordMeeting } from '../../../src/shell/meetings/recordMeeting';
import { recoverNow } from '../../../src/shell/recording/recoverRecordings';
import { groqVerboseJson, spoken } from '../../fakes/speechAnswers';
import { useMicrophone } from '../microphone';
import { withServer, type SpeechServer } from '../speechServer';
import { inWorkspace, message, minutes, noMessages, tidyUp, ui, until } from '../window';

const NAME = 'left-meeting';
/** No process has this number. */
const DEAD = 2 ** 30;
const OFFER = 'was not finished';

/** What a window needs to start, with a storage of its own. */
function contextIn(storage: string): ExtensionContext {
  const memory: Memento = {
    get: (_key: string, otherwise?: unknown) => otherwise,
    update: () => Promise.resolve(),
    keys: () => [],
  } as Memento;
  const known = {
    globalState: memory,
    secrets: { get: () => Promise.resolve(undefined), onDidChange: () => ({ dispose: () => undefined }) },
    subscriptions: [],
    globalStorageUri: Uri.file(storage),
    extensionUri: minutes().extensionUri,
    extension: minutes(),
  };
  return known as unknown as ExtensionContext;
}

/** Live meetings without their commands, which the extension of this host has registered. */
function liveMeetings(): LiveMeetings {
  const live: Pick<LiveMeetings, 'begin' | 'end'> = {
    begin: async (note, kept, recordedS) => new LiveMeeting(await workspace.openTextDocument(note), kept, recordedS),
    end: (meeting) => {
      meeting.dispose();
    },
  };
  return live as LiveMeetings;
}

describe('A meeting that an earlier window left', function () {
  this.timeout(40_000);
  const { device, clip } = useMicrophone();
  let storage: string;
  let services: Services;

  beforeEach(() => {
    storage = mkdtempSync(path.join(os.tmpdir(), 'minutes-left-'));
    services = new Services(contextIn(storage));
    const meeting = new RecordMeeting(liveMeetings(), services);
    services.recoveries.set('meeting', {
      recover: (unfinished) => meeting.recover(unfinished),
      resumptionOf: (unfinished) => meeting.resumptionOf(unfinished),
      goOn: (unfinished, resumption) => meeting.goOn(unfinished, resumption),
    });
  });
  afterEach(async () => {
    services.session.stop();
    await until(() => services.session.state.kind === 'idle' && services.work.state.underWay === 0, {
      what: 'the end',
    });
    await services.close();
    await tidyUp();
    for (const name of readdirSync(inWorkspace('').fsPath).filter((entry) => entry.startsWith(NAME)))
      rmSync(inWorkspace(name).fsPath);
    rmSync(storage, { recursive: true, force: true });
  });

  /** Leaves the clip as a recording of a process that died so long ago, and what its log knows besides. */
  async function leave(agoMs: number, isPaused = false): Promise<void> {
    const [recording, note] = [inWorkspace(`${NAME}.wav`), inWorkspace(`${NAME}.md`)];
    // The silence behind it ends a piece.
    const audio = Buffer.concat([clip().samples, Buffer.alloc(2 * SAMPLE_RATE_HZ * BYTES_PER_SAMPLE)]);
    writeFileSync(recording.fsPath, Buffer.concat([wavHeader(audio.length), audio]));
    writeFileSync(note.fsPath, '# Mine\n\nMy own line.\n');
    const sampleCount = audio.length / BYTES_PER_SAMPLE;
    const endedMs = Date.now() - agoMs;
    const startedMs = endedMs - samplesToSeconds(sampleCount) * 1000;
    const sidecar = {
      version: 1,
      path: recording.fsPath,
      startedMs,
      processId: DEAD,
      target: { kind: 'meeting', note: note.toString() },
      state: 'recording',
    };
    const folder = path.join(storage, 'unfinished');
    mkdirSync(folder);
    const file = sidecarFile(folder, recording.fsPath);
    writeFileSync(file, JSON.stringify(sidecar));
    for (const touched of [file, recording.fsPath]) utimesSync(touched, endedMs / 1000, endedMs / 1000);
    const located = { origin: 'meeting', recording: recording.toString(), note: note.toString() } as const;
    const captured: TranscriptEntry = { kind: 'captured', track: 0, fromSample: 0, wallTimeMs: startedMs };
    const paused: TranscriptEntry = { kind: 'paused', track: 0, fromSample: sampleCount, wallTimeMs: endedMs };
    const about = { name: `${NAME}.wav`, sizeBytes: 0, modifiedMs: startedMs };
    const log = await services.logs.begin(about, 'transcribe', {}, located, captured, ...(isPaused ? [paused] : []));
    await log.leave();
  }

  /** Says the clip and stops the meeting; resolves to its note. */
  async function sayAndStop(server: SpeechServer): Promise<string> {
    await until(() => services.session.state.kind === 'recording', { what: 'it is recorded' });
    await server.received(1);
    await device().play(clip().file);
    services.session.stop();
    const note = inWorkspace(`${NAME}.md`).fsPath;
    await until(() => readFileSync(note, 'utf8').includes('Part 2'), { what: 'the note is complete' });
    await until(() => services.work.state.underWay === 0, { what: 'the end' });
    assert.deepEqual(readdirSync(path.join(storage, 'unfinished')), [], 'nobody is asked about it again');
    const recording = readFileSync(inWorkspace(`${NAME}.wav`).fsPath);
    assert.ok(recording.lastIndexOf(clip().samples) > recording.indexOf(clip().samples), 'both clips are there');
    return readFileSync(note, 'utf8');
  }

  it('goes on by itself a moment later, says so, and has the time between as a hole', async () => {
    await withServer(
      (_, index) => groqVerboseJson(spoken(`Part ${index + 1}.`)),
      async (server) => {
        await leave(12_000);
        await recoverNow(services);
        assert.match(
          await message('Recording goes on'),
          new RegExp(`Recording goes on: ${NAME}\\.md\\. 1\\d s were not recorded\\.`),
        );
        assert.deepEqual(await ui('notificationButtons', { text: 'Recording goes on' }), ['Stop Meeting']);
        const text = await sayAndStop(server);
        assert.match(
          text,
          /^# Mine\n\nMy own line\.\n[^]*\] Part 1\.\n\n> Not recorded at 0:05, for 0:1\d: the window was closed\n\n\[0:\d\d\] Part 2\.\n$/,
        );
      },
    );
  });

  it('is offered to go on where it was paused', async () => {
    await withServer(
      (_, index) => groqVerboseJson(spoken(`Part ${index + 1}.`)),
      async (server) => {
        await leave(60_000, true);
        void recoverNow(services);
        await message(OFFER);
        assert.equal(services.session.state.kind, 'idle', 'no microphone is opened unasked');
        const buttons = ['Continue Recording', 'Transcribe', 'Keep', 'Delete'];
        assert.deepEqual([...(await ui('notificationButtons', { text: OFFER }))].sort(), [...buttons].sort());
        await ui('clickNotificationButton', { text: OFFER, button: 'Continue Recording' });
        assert.match(await sayAndStop(server), /\] Part 1\.\n\n> Paused at 0:05, for 1:\d\d\n\n\[0:\d\d\] Part 2\.\n$/);
      },
    );
  });

  it('is only offered where that was hours ago', async () => {
    await leave(3 * 3_600_000);
    void recoverNow(services);
    await message(OFFER);
    assert.equal(services.session.state.kind, 'idle', 'no microphone is opened unasked');
    const buttons = ['Transcribe', 'Keep', 'Delete'];
    assert.deepEqual([...(await ui('notificationButtons', { text: OFFER }))].sort(), buttons.sort());
    await noMessages();
  });
});
