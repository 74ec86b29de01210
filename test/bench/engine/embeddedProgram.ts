import { readFile } from 'node:fs/promises';
import { NEVER } from '../../../src/core/async/never';
import { defined } from '../../../src/core/async/defined';
import type { EmbeddedModel } from '../../../src/core/models/embeddedModel';
import { findEngineFiles } from '../../../src/node/engine/engineFiles';
import { LocalEngine } from '../../../src/node/engine/localEngine';
import { projectRoot } from '../../speech';
import { peakMemoryBytes } from './processMemory';
import { readAnswer } from './readAnswer';
import type { SpeechProgram, SpeechRequest } from './speechProgram';

/** The embedded engine as the editor starts it, asked over HTTP as the editor asks it, one file a request. */
export async function startEmbedded(name: string, model: EmbeddedModel): Promise<SpeechProgram> {
  const engine = new LocalEngine();
  const lease = await engine.lease(findEngineFiles(projectRoot(), model), NEVER);
  return {
    name,
    transcribe: async (request) => {
      const audio = await readFile(request.wavFile);
      const began = performance.now();
      const response = await fetch(
        `${lease.baseUrl}/audio/${request.task === 'translate' ? 'translations' : 'transcriptions'}`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${lease.token}` },
          body: toForm(request, audio, lease.model),
        },
      );
      const body = await response.text();
      const wallMs = performance.now() - began;
      if (!response.ok) throw new Error(`${name} answered ${response.status} for ${request.wavFile}: ${body}`);
      return readAnswer(body, wallMs);
    },
    peakMemoryBytes: () => peakMemoryBytes(engine.processId ?? 0),
    stop: () => {
      lease.release();
      engine.dispose();
      return Promise.resolve();
    },
  };
}

function toForm(
  { language, prompt, seed, isUrgent, isUngated }: SpeechRequest,
  audio: Buffer,
  model: string,
): FormData {
  const form = new FormData();
  const fields = defined({
    model,
    response_format: 'verbose_json',
    seed: String(seed),
    language,
    prompt,
    priority: isUrgent === true ? 'dictation' : undefined,
    gate: isUngated === true ? 'off' : undefined,
  });
  for (const [field, value] of Object.entries(fields)) form.append(field, value);
  for (const granularity of ['word', 'segment']) form.append('timestamp_granularities[]', granularity);
  form.append('file', new Blob([Uint8Array.from(audio)]), 'speech.wav');
  return form;
}
