import type { PreparedAudio } from '../../../../src/core/model';
import type { TranscriptEntry } from '../../../../src/core/transcript/logEntries';
import type { TranscriptionOptions } from '../../../../src/core/transcription/fileTranscriber';
import { RecordingAsker } from '../../../../src/core/transcription/recordingAsker';
import { silence, speech, synthesize } from '../audio/syntheticSpeech';
import { FakeLog, FakeSampleReader, type FakeTranscriber, optionsOf } from '../fakes';

/** Samples in a second. */
export const S = 16_000;
/** Pauses at 10, 20 and 31 s. */
export const SAMPLES = synthesize(
  speech(10),
  silence(0.5),
  speech(9.5),
  silence(0.5),
  speech(10.5),
  silence(0.5),
  speech(8.5),
).samples;
/** {@link SAMPLES}, as if they were prepared. */
export const AUDIO: PreparedAudio = {
  path: 'a.pcm',
  dataOffsetBytes: 0,
  sampleCount: SAMPLES.length,
  remarks: [],
};

/** An asker over {@link SAMPLES}, with what it works with. */
export function asking(
  transcriber: FakeTranscriber,
  options: Partial<TranscriptionOptions> = {},
  known: readonly TranscriptEntry[] = [],
): { readonly asker: RecordingAsker; readonly kept: FakeLog } {
  const kept = new FakeLog(known);
  const ports = { samples: new FakeSampleReader(SAMPLES), transcriber, log: kept.log };
  return { asker: new RecordingAsker(ports, optionsOf(options)), kept };
}
