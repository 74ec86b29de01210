import fs from 'node:fs/promises';
import path from 'node:path';
import { defined } from '../../core/async/defined';
import { MinutesError } from '../../core/errors';
import { taskOf, type Gap, type Recording, EMBEDDED } from '../../core/model';
import type { GrowingAudio, GrowingFile } from '../../core/audio/growingAudio';
import type { TranscriptLog } from '../../core/transcript/transcriptLog';
import {
  retryGaps,
  transcribe,
  transcribeGrowing,
  transcribeUncut,
  type PipelinePorts,
} from '../../core/transcription/pipeline';
import type { EndpointProbe } from '../../core/transcription/endpointProbe';
import type {
  FileTranscriber,
  TranscriptionEvent,
  TranscriptionOptions,
  TranscriptionWishes,
} from '../../core/transcription/fileTranscriber';

import { parseRecordingAddress } from '../../core/downloads/recordingAddress';
import { recordingName } from '../../core/downloads/recordingName';
import { dialect, dialectOf, fetchesUrls, type Dialect } from '../../core/endpoints/dialects';
import { resolveModel, type Endpoint } from '../../core/endpoints/endpoint';
