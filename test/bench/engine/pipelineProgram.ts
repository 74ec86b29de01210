import { problemOf } from '../../../src/core/errors';
import type { Transcript } from '../../../src/core/model';
import { EMPTY_TRANSCRIPT } from '../../../src/core/transcript/appendChunk';
import { FileTranscription } from '../../../src/node/fileTranscription';
import { openRecording } from '../../../src/node/openRecording';
import { projectRoot } from '../../speech';
import { peakMemoryBytes } from './processMemory';
import type { SpeechProgram } from './speechProgram';

/** The small engine as a file meets it in the editor: cut at pauses, asked piece by piece, joined. It gives text only. */
export function startPipeline(name: string, storageFolder: string): SpeechProgram {
  const transcription = new FileTranscription({
    extensionFolder: projectRoot(),
    storageFolder,
    version: 'bench',
    readKey: () => Promise.resolve(undefined),
    embeddedModel: () => Promise.resolve({ kind: 'vosk' }),
    editorProxy: () => ({ address: '', isOff: true }),
    log: { write: () => undefined },
  });
  const read = async (wavFile: string): Promise<Transcript> => {
    const recording = await openRecording(wavFile);
    const signal = new AbortController().signal;
    let transcript: Transcript = EMPTY_TRANSCRIPT;
    try {
      for await (const event of transcription.transcribeFile(recording, { kind: 'embedded' }, {}, signal)) {
        if ('transcript' in event) transcript = event.transcript;
      }
    } catch (error) {
      // A recording in which nothing was heard counts with all its words as errors.
      if (problemOf(error)?.code !== 'noSpeech') throw error;
    }
    return transcript;
  };
  return {
    name,
    transcribe: async ({ wavFile }) => {
      const began = performance.now();
      const { segments } = await read(wavFile);
      const wallMs = performance.now() - began;
      return { language: '', text: segments.map(({ text }) => text).join(' '), segments: [], words: [], wallMs };
    },
    peakMemoryBytes: () => peakMemoryBytes(transcription.engineProcessId ?? 0),
    stop: () => transcription.dispose(),
  };
}
