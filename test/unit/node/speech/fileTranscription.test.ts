import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { InstalledModel } from '../../../../src/core/models/engineModel';
import type { FileTranscription } from '../../../../src/node/speech/fileTranscription';
import { openRecording } from '../../../../src/node/audio/openRecording';
import { until } from '../../../host/until';
import { preparedModel } from '../../../preparedModel';
import { jfkWav, skipWithReason } from '../../../speech';
import { problemWith } from '../problems';
import { silentSamples } from '../speechSamples';
import { wavOf } from '../wavFile';
import { EMBEDDED } from './client';
import { assertRising, fileTranscriptions, PREPARED, run } from './fileTranscriptions';

describe('FileTranscription', () => {
  const { folder, storage, transcription, names } = fileTranscriptions();

  describe('with the real engine', () => {
    let model: InstalledModel;

    before(async function () {
      const found = await preparedModel();
      if ('absent' in found) skipWithReason(this, found.absent);
      model = found;
    });

    const withModel = (): FileTranscription => transcription({ embeddedModel: () => Promise.resolve({ model }) });

    it('writes down what Kennedy said, and when', async () => {
      const one = withModel();
      const recording = await openRecording(jfkWav());
      const { events, segments, transcript } = await run(one, recording, EMBEDDED);
      const text = segments.map((segment) => segment.text).join(' ');
      assert.match(text, /^And so,? my fellow Americans,? ask not what your country can do for you, /);
      assert.match(text, /ask what you can do for your country\.$/);
      assertRising(segments, 11);
      assert.deepEqual(events[0], { kind: 'prepared', totalS: 11, remarks: [] });
      assert.deepEqual(transcript.writers, [{ model: model.name }]);
      assert.deepEqual(await names('prepared'), []);
    });

    it('refuses a language that its model does not know', async () => {
      const recording = await openRecording(jfkWav());
      const problem = await problemWith(
        'languageUnsupported',
        run(withModel(), recording, EMBEDDED, { language: 'xx' }),
      );
      assert.equal(problem.language, 'xx');
    });

    it('says of silence that nobody spoke, without asking the engine', async () => {
      const file = path.join(folder(), 'silence.wav');
      await fs.writeFile(file, wavOf(silentSamples(5), PREPARED));
      const one = withModel();
      const problem = await problemWith('noSpeech', run(one, await openRecording(file), EMBEDDED));
      assert.equal(one.engineProcessId, undefined);
      assert.equal(problem.file, 'silence.wav');
    });
  });

  it('says which part of the engine is missing', async () => {
    const one = transcription({ extensionFolder: folder() });
    await problemWith('engineFilesMissing', run(one, await openRecording(jfkWav()), EMBEDDED));
    assert.deepEqual(await names('prepared'), []);
  });

  it('says that no model is here before anything is read', async () => {
    await problemWith('modelMissing', run(transcription(), await openRecording(jfkWav()), EMBEDDED));
    assert.deepEqual(await names('prepared'), []);
  });

  it('deletes what earlier versions kept of their small model, and their journals', async () => {
    const small = path.join(storage(), 'engine-models', '0123456789abcdef', 'am');
    await fs.mkdir(small, { recursive: true });
    await fs.writeFile(path.join(small, 'final.mdl'), 'large');
    await fs.writeFile(path.join(storage(), 'servers.json'), '{}');
    await fs.mkdir(path.join(storage(), 'journal'));
    await fs.writeFile(path.join(storage(), 'journal', '0123.jsonl'), '{}');
    transcription();
    const former = ['engine-models', 'journal'].map((name) => path.join(storage(), name));
    await until(() => !former.some(existsSync), { what: 'the copies are gone' });
    assert.deepEqual(await names(), ['servers.json']);
  });
});
