import type { CatalogueModel } from './engineModel';
import { estimateInstalledBytes, parameterCountOf, type WhisperShape } from './whisperShape';

type Size = Pick<WhisperShape, 'width' | 'encoderLayers' | 'decoderLayers'>;

/** From table 1 of "Robust Speech Recognition via Large-Scale Weak Supervision"; turbo's four decoder layers from its model card. */
const SIZES = {
  tiny: { width: 384, encoderLayers: 4, decoderLayers: 4 },
  base: { width: 512, encoderLayers: 6, decoderLayers: 6 },
  small: { width: 768, encoderLayers: 12, decoderLayers: 12 },
  medium: { width: 1024, encoderLayers: 24, decoderLayers: 24 },
  large: { width: 1280, encoderLayers: 32, decoderLayers: 32 },
  turbo: { width: 1280, encoderLayers: 32, decoderLayers: 4 },
} as const satisfies Readonly<Record<string, Size>>;

/** English models have one text token less. Models of the third generation have one more, for Cantonese, and more bands of the spectrum. */
const MULTILINGUAL = { tokenCount: 51_865, melBinCount: 80 };
const ENGLISH = { tokenCount: 51_864, melBinCount: 80 };
const THIRD = { tokenCount: 51_866, melBinCount: 128 };

/** The hub holds the older models as float32, the two of the third generation as float16. */
const [FLOAT32_BYTES, FLOAT16_BYTES] = [4, 2];

/** Configuration and tokenizer, which are about as large for all of them. */
const SMALL_FILES_BYTES = 3_000_000;

/** Share of wrong English words, in clear readings and far-field meetings together: `npm run bench -- engine`. No other model was measured. */
const BASE_ERROR_PERCENT = 21;

/** The model that comes with Minutes. A machine without any model gets it first. */
export const RECOMMENDED: CatalogueModel = model('base', { ...SIZES.base, ...MULTILINGUAL }, FLOAT32_BYTES, {
  isRecommended: true,
  errorPercent: BASE_ERROR_PERCENT,
});

/** The models that are offered without typing a name, from small to large. An English model comes behind the multilingual one of its size. */
export const CATALOGUE: readonly CatalogueModel[] = [
  model('tiny', { ...SIZES.tiny, ...MULTILINGUAL }, FLOAT32_BYTES),
  model('tiny.en', { ...SIZES.tiny, ...ENGLISH }, FLOAT32_BYTES, { language: 'en' }),
  RECOMMENDED,
  model('base.en', { ...SIZES.base, ...ENGLISH }, FLOAT32_BYTES, { language: 'en' }),
  model('small', { ...SIZES.small, ...MULTILINGUAL }, FLOAT32_BYTES),
  model('small.en', { ...SIZES.small, ...ENGLISH }, FLOAT32_BYTES, { language: 'en' }),
  model('medium', { ...SIZES.medium, ...MULTILINGUAL }, FLOAT32_BYTES),
  model('medium.en', { ...SIZES.medium, ...ENGLISH }, FLOAT32_BYTES, { language: 'en' }),
  model('large-v3-turbo', { ...SIZES.turbo, ...THIRD }, FLOAT16_BYTES),
  model('large-v3', { ...SIZES.large, ...THIRD }, FLOAT16_BYTES),
];

function model(
  size: string,
  shape: WhisperShape,
  bytesPerWeight: number,
  more: Pick<CatalogueModel, 'language' | 'isRecommended' | 'errorPercent'> = {},
): CatalogueModel {
  const parameterCount = parameterCountOf(shape);
  return {
    name: `openai/whisper-${size}`,
    parameterCount,
    downloadBytes: parameterCount * bytesPerWeight + SMALL_FILES_BYTES,
    installedBytes: estimateInstalledBytes(shape),
    ...more,
  };
}
