import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { optionsOf } from '../../core/fakes';
import { NEVER } from '../../../../src/core/async/never';
import type { Transcript } from '../../../../src/core/model';
import { transcribe } from '../../../../src/core/transcription/pipeline';
import type { TranscriptionEvent, TranscriptionOptions } from '../../../../src/core/transcription/fileTranscriber';
import { FileAudioPreparer } from '../../../../src/node/audio/audioPreparer';
import { FileSampleReader } from '../../../../src/node/audio/fileSampleReader';
import { findProgram } from '../../../../src/node/system/findProgram';
import { UndiciTransport } from '../../../../src/node/http/undiciTransport';
import { HttpTranscriber } from '../../../../src/node/speech/httpTranscriber';
import { openRecording } from '../../../../src/node/audio/openRecording';
import { ScriptedServer } from '../../../fakes/scriptedServer';
import { error, groqVerboseJson, openAiJson, silence, spoken } from '../../../fakes/speechAnswers';
import { skipWithReason } from '../../../speech';
import { OpenCount, testParts } from './asking';
import { problemWith } from '../problems';
import { sharedFolder, temporaryFolder } from '../temporaryFolder';
import { newLog } from '../transcripts/logs';

/** What endpoints were seen to take. */
const UPLOAD_LIMIT_BYTES = 26_214_400;

/** First bytes of files as their formats define them, under names that say nothing or the wrong thing. */
const HEADS: readonly (readonly [name: string, head: string, sentAs: string, type: string])[] = [
  ['voice.oga', 'OggS\0\x02', 'audio.ogg', 'audio/ogg'],
  ['voice', 'OggS\0\x02', 'audio.ogg', 'audio/ogg'],
  ['voice.weba', '\x1a\x45\xdf\xa3\x01', 'audio.webm', 'video/webm'],
  ['voice.txt', 'fLaC\0\0\0\x22', 'audio.flac', 'audio/flac'],
  ['voice.wma', 'ID3\x04\0\0', 'audio.mp3', 'audio/mpeg'],
  ['PTT-20261123', '\xff\xfb\x90\x64', 'audio.mp3', 'audio/mpeg'],
  ['voice.mp4', '\0\0\0\x20ftypM4A \0\0', 'audio.m4a', 'audio/mp4'],
  ['voice.m4a', '\0\0\0\x20ftypisom\0\0', 'audio.mp4', 'video/mp4'],
];

describe('Without ffmpeg', () => {
  const folder = temporaryFolder();
  let server: ScriptedServer;
  let transport: UndiciTransport;

  beforeEach(async () => {
    transport = new UndiciTransport();
    server = await ScriptedServer.start(() => groqVerboseJson(spoken('Hello there.', 0.5, 1.5)));
  });
  afterEach(async () => {
    await transport.dispose();
    await server.close();
  });

  interface Run {
    readonly events: TranscriptionEvent[];
    readonly transcript: Transcript;
  }

  async function run(
    file: string,
    options: Partial<TranscriptionOptions> = {},
    takesFiles = true,
    log = newLog(),
  ): Promise<Run> {
    const facts = { baseUrl: server.baseUrl, host: server.host, provider: 'groq' } as const;
    const ports = {
      preparer: new FileAudioPreparer(path.join(folder(), 'prepared'), () => Promise.resolve(undefined), takesFiles),
      samples: new FileSampleReader(),
      transcriber: new HttpTranscriber(testParts(transport, folder()), new OpenCount().opener(facts), 4),
      log,
    };
    const events: TranscriptionEvent[] = [];
    for await (const event of transcribe(await openRecording(file), ports, optionsOf(options), NEVER))
      events.push(event);
    assert.equal(events.at(-1)?.kind, 'finished');
    return { events, transcript: await log.transcript() };
  }

  async function put(name: string, head: string, sizeBytes = 5000): Promise<string> {
    const file = path.join(folder(), name);
    await fs.writeFile(file, Buffer.from(head, 'latin1'));
    await fs.truncate(file, sizeBytes);
    return file;
  }

  for (const [name, head, sentAs, type] of HEADS) {
    it(`${name} goes as it is, as ${sentAs}`, async () => {
      const file = await put(name, head);
      const { events, transcript } = await run(file);
      assert.deepEqual(
        server.requests.map(({ files }) => files.map((sent) => [sent.name, sent.type])),
        [[[sentAs, type]]],
      );
      assert.ok(server.requests[0]?.files[0]?.bytes.equals(await fs.readFile(file)));
      assert.deepEqual(
        events.map(({ kind }) => kind),
        ['uncut', 'transcribed', 'finished'],
      );
      assert.deepEqual(
        transcript.segments.map(({ startS, endS, text }) => [startS, endS, text]),
        [[0.5, 1.5, 'Hello there.']],
      );
    });
  }

  it('goes nowhere where the bytes are of no kind that endpoints take, whatever the name is', async () => {
    for (const [name, head] of [
      ['voice.mp3', 'Dear diary'],
      ['voice.ogg', '\xff\xf1\x50\x80'],
    ] as const) {
      await problemWith('ffmpegMissing', run(await put(name, head)));
    }
    assert.equal(server.connectionCount, 0);
  });

  it('goes nowhere where the endpoint reads no files', async () => {
    await problemWith('ffmpegMissing', run(await put('voice.oga', 'OggS\0\x02'), {}, false));
    assert.equal(server.connectionCount, 0);
  });

  it('goes nowhere where it is larger than any endpoint takes', async () => {
    const problem = await problemWith('uncutTooLarge', run(await put('long.oga', 'OggS', UPLOAD_LIMIT_BYTES)));
    assert.deepEqual([problem.file, problem.sizeBytes], ['long.oga', UPLOAD_LIMIT_BYTES]);
    assert.equal(server.connectionCount, 0);

    const prompt = { text: 'x'.repeat(880), terms: [] };
    await run(await put('just.oga', 'OggS', problem.limitBytes), { prompt });
    const sentBytes = server.requests[0]?.body.length ?? 0;
    assert.ok(sentBytes > problem.limitBytes && sentBytes <= UPLOAD_LIMIT_BYTES, String(sentBytes));
    await problemWith('uncutTooLarge', run(await put('beyond.oga', 'OggS', problem.limitBytes + 1)));
  });

  it('fails as too large where the endpoint takes even less: nothing here can cut it', async () => {
    server.play(() => error(413));
    const problem = await problemWith('tooLarge', run(await put('voice.oga', 'OggS')));
    assert.ok(problem.sizeBytes >= 5000);
    assert.equal(server.requests.length, 1);
  });

  it('is not asked for again once there is an answer', async () => {
    const file = await put('voice.oga', 'OggS');
    const log = newLog();
    const first = await run(file, {}, true, log);
    const second = await run(file, {}, true, log);
    assert.equal(server.requests.length, 1);
    assert.deepEqual(second.transcript, first.transcript);
  });

  it('says that nobody spoke, and reads an answer without times', async () => {
    const file = await put('voice.oga', 'OggS');
    server.play(() => silence());
    await problemWith('noSpeech', run(file));
    server.play(() => openAiJson(spoken('All of it.')));
    const { transcript } = await run(file);
    assert.deepEqual(
      transcript.segments.map(({ startS, endS, text }) => [startS, endS, text]),
      [[0, 0, 'All of it.']],
    );
  });

  describe('with files that cannot be decoded here', () => {
    const media = sharedFolder();
    let ffmpeg: string | undefined;

    before(async () => {
      ffmpeg = await findProgram('ffmpeg');
    });

    for (const [ending, sentAs, coder] of [
      ['m4a', 'audio.m4a', []],
      ['mp4', 'audio.mp4', ['-c:a', 'aac']],
      ['mkv', 'audio.webm', ['-c:a', 'aac']],
    ] as const) {
      it(`${ending} as ${sentAs}, also without its ending`, async function () {
        if (ffmpeg === undefined) skipWithReason(this, 'ffmpeg, which makes the files, is not installed');
        const file = path.join(media(), `tone.${ending}`);
        const source = ['-hide_banner', '-loglevel', 'error', '-f', 'lavfi', '-i', 'sine=frequency=440:duration=1'];
        try {
          await promisify(execFile)(ffmpeg, [...source, ...coder, file]);
        } catch {
          skipWithReason(this, `this ffmpeg does not write ${ending}`);
        }
        const nameless = path.join(media(), `tone-${ending}`);
        await fs.copyFile(file, nameless);
        for (const name of [file, nameless]) {
          await run(name);
          const [sent] = server.requests.at(-1)?.files ?? [];
          assert.equal(sent?.name, sentAs);
          assert.ok(sent.bytes.equals(await fs.readFile(file)));
        }
      });
    }
  });
});
