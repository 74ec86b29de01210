import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import path from 'node:path';
import { NEVER } from '../../../../src/core/async/never';
import { CHINESE_SCRIPT_CHOICES, type ChineseScript, type ChineseScriptChoice } from '../../../../src/core/model';
import { SIGNS_OF_ONE_SCRIPT } from '../../../../src/core/transcript/chineseConverters';
import { TranscriptLog } from '../../../../src/core/transcript/transcriptLog';
import { FileTranscription } from '../../../../src/node/speech/fileTranscription';
import { openRecording } from '../../../../src/node/audio/openRecording';
import { preparedModel } from '../../../preparedModel';
import { recordingsOf, skipWithReason } from '../../../speech';
import { realSpeech } from '../../engine/whisper/loadedBase';
import { clientOptions } from './client';
import { silentSamples } from '../speechSamples';
import { temporaryFolder } from '../temporaryFolder';
import { newLog, openedAs, written } from '../transcripts/logs';
import { wavOf } from '../wavFile';

const HZ = 16_000;
const PIECE_BYTES = 3.5 * HZ * 2;

/** Chinese from the speech folder through the real engine, in short pieces with long pauses: Whisper base writes some in each script. */
describe('A Chinese note', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  let transcription: FileTranscription | undefined;

  afterEach(async () => {
    await transcription?.dispose();
  });

  it('has one script throughout', async function () {
    const { speech, samples } = await realSpeech(this);
    const model = await preparedModel();
    if ('absent' in model) skipWithReason(this, model.absent);
    const [chinese] = recordingsOf(this, speech, 'Chinese', ({ language }) => language === 'zh');
    assert.ok(chinese);
    const pcm = Buffer.from(await samples(chinese.file));
    const parts: Buffer[] = [];
    for (let at = 0; at < pcm.length; at += PIECE_BYTES)
      parts.push(pcm.subarray(at, at + PIECE_BYTES), silentSamples(4));
    const file = path.join(folder(), 'chinese.wav');
    await fs.writeFile(file, wavOf(Buffer.concat(parts), { format: 'int16', rateHz: HZ, channelCount: 1 }));
    const recording = await openRecording(file);
    const one = (transcription = new FileTranscription(
      clientOptions(path.join(folder(), 'storage'), {
        embeddedModel: () => Promise.resolve({ kind: 'whisper', model }),
      }),
    ));

    const heard = newLog();
    for await (const event of one.transcribeFile(recording, { kind: 'embedded' }, { job: 'meeting' }, heard, NEVER))
      assert.notEqual(event.kind, 'uncut');
    const write = async (chineseScript: ChineseScriptChoice): Promise<string> => {
      const entries = [openedAs({ chineseScript }), ...heard.folded.answers.map((answer) => written(answer))];
      const { segments } = await new TranscriptLog(entries).transcript();
      return segments.map(({ text }) => text).join('\n');
    };
    const has = (text: string, script: ChineseScript): boolean => {
      return Array.from(text).some((sign) => SIGNS_OF_ONE_SCRIPT[script].has(sign));
    };
    // Heard once; the other notes are written from what was kept.
    const notes = new Map<string, string>();
    for (const chineseScript of CHINESE_SCRIPT_CHOICES) notes.set(chineseScript, await write(chineseScript));
    const [auto = '', simplified = '', traditional = ''] = notes.values();
    assert.ok(has(simplified, 'simplified') && !has(simplified, 'traditional'), simplified);
    assert.ok(has(traditional, 'traditional') && !has(traditional, 'simplified'), traditional);
    assert.equal(Array.from(simplified).length, Array.from(traditional).length);
    assert.notEqual(has(auto, 'simplified'), has(auto, 'traditional'), auto);
  });
});
