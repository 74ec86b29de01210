/** Answers that servers on this machine really gave, without the numbers of their tokens. CONTRIBUTING.md tells which servers and how they were asked. */

type Told = readonly [word: string, start: number, end: number, probability?: number];

const toWord = ([word, start, end, probability]: Told): object => ({ word, start, end, probability });
/** As whisper.cpp tells them: token by token. */
const toToken = (told: Told): object => ({ ...toWord(told), t_dtw: -1 });

const READ: readonly Told[] = [
  [' produced', 0, 0.42],
  [' the', 0.42, 0.66],
  [' block', 0.66, 0.9],
  [' books,', 0.9, 1.44],
  [' which', 1.68, 1.92],
  [' were', 1.92, 2.06],
  [' the', 2.06, 2.26],
  [' immediate', 2.26, 2.7],
  [' predecessors', 2.7, 3.44],
  [' of', 3.44, 3.74],
  [' the', 3.74, 3.84],
  [' true', 3.84, 4.12],
  [' printed', 4.12, 4.48],
  [' book,', 4.48, 4.88],
  [' the', 5.14, 5.24],
  [' invention', 5.24, 5.66],
  [' of', 5.66, 5.86],
  [' movable', 5.86, 6.28],
  [' metal', 6.28, 6.64],
  [' letters', 6.64, 7.08],
  [' in', 7.08, 7.34],
  [' the', 7.34, 7.44],
  [' middle', 7.44, 7.64],
  [' of', 7.64, 7.84],
  [' the', 7.84, 7.92],
  [' 15th', 7.92, 8.5],
  [' century', 8.5, 8.94],
  [' may', 8.94, 9.5],
  [' justly', 9.5, 10.06],
  [' be', 10.06, 10.2],
  [' considered', 10.2, 10.74],
  [' as', 10.74, 11.3],
  [' the', 11.3, 11.5],
  [' invention', 11.5, 11.94],
  [' of', 11.94, 12.16],
  [' the', 12.16, 12.26],
  [' art', 12.26, 12.46],
  [' of', 12.46, 12.62],
  [' printing.', 12.62, 12.96],
  [' Printing', 13.26, 13.72],
  [' then,', 13.72, 13.96],
  [' for', 14.18, 14.3],
  [' our', 14.3, 14.56],
  [' purpose,', 14.56, 15.02],
  [' may', 15.64, 15.78],
  [' be', 15.78, 15.9],
  [' considered', 15.9, 16.44],
  [' as', 16.44, 16.7],
  [' the', 16.7, 16.86],
  [' art', 16.86, 17.16],
  [' of', 17.16, 17.38],
  [' making', 17.38, 17.64],
  [' books', 17.64, 18.32],
  [' by', 18.32, 18.86],
  [' means', 18.86, 19.24],
  [' of', 19.24, 19.44],
  [' movable', 19.44, 19.96],
  [' types.', 19.96, 20.34],
  [' Now.', 20.78, 21.06],
];

const READ_TEXT = READ.map(([word]) => word).join('');

/** speaches 0.9.0-rc.3: 21 s of reading, heard at once and told as one segment. */
export const SPEACHES_READING = {
  duration: 21.3,
  language: 'en',
  text: READ_TEXT.trim(),
  segments: [
    {
      id: 1,
      avg_logprob: -0.0755512289804955,
      compression_ratio: 1.707070707070707,
      end: 21.06,
      no_speech_prob: 0.001781973522156477,
      seek: 0,
      start: 0,
      temperature: 0,
      text: READ_TEXT,
    },
  ],
  usage: null,
  words: READ.map(toWord),
};

const WALKED: readonly Told[] = [
  [' 그는', 0, 0.94, 0.7352],
  [' 1위절이', 0.94, 1.38, 0.7236],
  [' 피하면서', 1.38, 1.82, 0.9654],
  [' 길', 1.82, 2.2, 0.8372],
  [' 한', 2.2, 2.4, 0.6868],
  [' 옆으로', 2.4, 2.74, 0.7718],
  [' 걸어갔다.', 2.74, 3.28, 0.8946],
];

/** faster-whisper-server, January 2025: words with probabilities, at the top and inside segments. */
export const FASTER_WHISPER_SERVER_KOREAN = {
  task: 'transcribe',
  language: 'ko',
  duration: 3.888,
  text: '그는 1위절이 피하면서 길 한 옆으로 걸어갔다.',
  words: WALKED.map(toWord),
  segments: [
    {
      id: 1,
      seek: 0,
      start: 0,
      end: 3.28,
      text: ' 그는 1위절이 피하면서 길 한 옆으로 걸어갔다.',
      temperature: 0,
      avg_logprob: -0.3969252973794937,
      compression_ratio: 0.8493150684931506,
      no_speech_prob: 0.06461619585752487,
      words: WALKED.map(toWord),
    },
  ],
};

const SYLLABLES: readonly Told[] = [
  [' 그', 0, 0.19, 0.5852],
  ['는', 0.19, 0.37, 0.957],
  [' 1', 0.67, 0.9400000000000001, 0.8845],
  ['위', 0.9400000000000001, 1.12, 0.5988],
  ['절', 1.12, 1.3, 0.481],
  ['이', 1.3, 1.48, 0.9499],
  [' 피', 1.48, 1.67, 0.9095],
  ['하면서', 1.67, 2.23, 0.9799],
  [' 길', 2.23, 2.42, 0.8161],
  [' 한', 2.42, 2.5100000000000002, 0.6714],
  [' 옆', 2.64, 2.77, 0.4531],
  ['으로', 2.81, 3.04, 0.971],
  [' 걸', 3.19, 3.3200000000000003, 0.9613],
  ['어', 3.54, 3.54, 0.859],
  ['갔', 3.54, 3.72, 0.8463],
  ['다', 3.72, 3.88, 0.9972],
  ['.', 3.88, 3.88, 0.6362],
];

/** whisper.cpp 1.9.3: a token may be a syllable, a full stop has no length, and the segment ends behind the audio. */
export const WHISPER_CPP_KOREAN = {
  task: 'transcribe',
  language: 'korean',
  duration: 3.888000011444092,
  text: ' 그는 1위절이 피하면서 길 한 옆으로 걸어갔다.\n',
  segments: [
    {
      id: 0,
      text: ' 그는 1위절이 피하면서 길 한 옆으로 걸어갔다.',
      start: 0,
      end: 4,
      words: SYLLABLES.map(toToken),
      temperature: 0,
      avg_logprob: -0.22894386947155,
      no_speech_prob: 0.04913022369146347,
    },
  ],
};

const BLANK: readonly Told[] = [
  [' [', 0, 0.77, 0.1801],
  ['BLANK', 0.77, 4.61, 0.4839],
  ['_', 4.61, 4.99, 0.9944],
  ['AUDIO', 4.99, 4.99, 0.9985],
  [']', 4.99, 4.99, 0.9992],
];

/** whisper.cpp 1.9.3: five seconds of silence. */
export const WHISPER_CPP_SILENCE = {
  task: 'transcribe',
  language: 'english',
  duration: 5,
  text: ' [BLANK_AUDIO]\n',
  segments: [
    {
      id: 0,
      text: ' [BLANK_AUDIO]',
      start: 0,
      end: 10,
      words: BLANK.map(toToken),
      temperature: 0,
      avg_logprob: -0.3497393727302551,
      no_speech_prob: 0.9021866321563721,
    },
  ],
};
