/** Answers of the kinds that servers send, one per dialect, cut down to what matters. All say the same. */

const QUALITY = { avg_logprob: -0.25, compression_ratio: 1.2, no_speech_prob: 0.01 };

/** Groq: everything, language as a name with a capital, text with a blank before it. */
export const GROQ = {
  task: 'transcribe',
  language: 'English',
  duration: 4.5,
  text: ' Good morning. Shall we start?',
  segments: [
    { id: 0, seek: 0, start: 0, end: 1.5, text: ' Good morning.', tokens: [50_364], temperature: 0, ...QUALITY },
    { id: 1, seek: 0, start: 2, end: 4.5, text: ' Shall we start?', tokens: [50_464], temperature: 0, ...QUALITY },
  ],
  words: [
    { word: 'Good', start: 0, end: 0.5 },
    { word: 'morning.', start: 0.5, end: 1.5 },
    { word: 'Shall', start: 2, end: 2.5 },
    { word: 'we', start: 2.5, end: 3 },
    { word: 'start?', start: 3, end: 4.5 },
  ],
  x_groq: { id: 'req_01' },
};

export const OPENAI = { ...GROQ, language: 'english', x_groq: undefined };

/** whisper.cpp: words inside segments, no compression ratio, a line break behind the text. */
export const WHISPER_CPP = {
  task: 'transcribe',
  language: 'en',
  duration: 4.5,
  text: ' Good morning.\n Shall we start?\n',
  segments: GROQ.segments.map(({ id, start, end, text, avg_logprob, no_speech_prob }) => ({
    id,
    start,
    end,
    text,
    avg_logprob,
    no_speech_prob,
    temperature: 0,
    words: GROQ.words
      .filter((word) => word.start >= start && word.end <= end)
      .map((word) => ({ ...word, word: ` ${word.word}`, t_dtw: -1, probability: 0.9 })),
  })),
};

/** vLLM: words null, duration a string, a null among the figures. */
export const VLLM = {
  language: 'en',
  duration: '4.5',
  text: GROQ.text,
  words: null,
  segments: GROQ.segments.map((segment) => ({ ...segment, no_speech_prob: null })),
};

/** LocalAI: a word's text is called `text`, and there are no figures of quality. */
export const LOCAL_AI = {
  text: GROQ.text.trim(),
  language: 'en',
  segments: GROQ.segments.map(({ id, start, end, text }) => ({ id, start, end, text: text.trim() })),
  words: GROQ.words.map(({ word, start, end }) => ({ text: word, start, end })),
};

/** speaches: words are null unless asked for. */
export const SPEACHES = { ...GROQ, language: 'en', words: null, x_groq: undefined };

export const PLAIN_JSON = { text: GROQ.text, x_groq: { id: 'req_01' } };

/** Mistral's Voxtral: its own name of the model, times of segments by granularity, no figures of quality. */
export const VOXTRAL = {
  model: 'voxtral-mini-2602',
  text: GROQ.text.trim(),
  language: null,
  segments: GROQ.segments.map(({ start, end, text }) => ({
    text: text.trim(),
    start,
    end,
    type: 'transcription_segment',
    score: null,
    speaker_id: null,
  })),
  usage: { prompt_audio_seconds: 5, prompt_tokens: 4, total_tokens: 35, completion_tokens: 8 },
};

/** gpt-transcribe: the languages heard, and what it cost. */
export const GPT_TRANSCRIBE = {
  text: GROQ.text.trim(),
  languages: ['en'],
  usage: { type: 'tokens', input_tokens: 14, output_tokens: 45, total_tokens: 59 },
};

/** gpt-4o-transcribe, asked for log-probabilities: those of its tokens, for the whole text. */
export const GPT_4O = {
  text: GROQ.text.trim(),
  logprobs: [
    { token: 'Good', logprob: -0.25, bytes: [71, 111, 111, 100] },
    { token: ' morning', logprob: -0.5, bytes: [32] },
    { token: '.', logprob: 0, bytes: [46] },
    { token: ' Shall', logprob: -0.25, bytes: [32] },
  ],
  usage: { type: 'duration', seconds: 5 },
};

/** gpt-4o-transcribe-diarize: segments by speaker, named by words. */
export const DIARIZED = {
  task: 'transcribe',
  duration: 4.5,
  text: GROQ.text.trim(),
  segments: GROQ.segments.map(({ id, start, end, text }) => ({
    type: 'transcript.text.segment',
    id: `seg_00${id}`,
    start,
    end,
    text,
    speaker: 'A',
  })),
};

/** The events of a stream, as OpenAI's newer models send them. */
export function streamOf(events: readonly unknown[], eol = '\n'): string {
  return events.map((event) => `data: ${JSON.stringify(event)}${eol}${eol}`).join('');
}

export const STREAM = [
  { type: 'transcript.text.delta', delta: 'Good morning.' },
  { type: 'transcript.text.delta', delta: ' Shall we start?' },
  { type: 'transcript.text.done', text: GROQ.text.trim(), usage: { type: 'tokens', total_tokens: 59 } },
];
