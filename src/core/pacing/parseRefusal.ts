import type { RateUnit, WindowS } from './rateBucket';

/** The limit that a refusal names. */
export interface RefusedLimit {
  readonly unit: RateUnit;
  readonly windowS: WindowS;
  readonly limit: number;
  readonly used: number;
}

/** Groq's short names, in brackets: ASPH, ASPD, RPM, RPD. Others, such as TPM for tokens, do not apply to speech. */
const NAMED_LIMIT = /\((AS|R)P([MHD])\)\s*:\s*Limit\s+(\d[\d.,]{0,14})\s*,\s*Used\s+(\d[\d.,]{0,14})/i;

const UNITS: Readonly<Record<string, RateUnit>> = { AS: 'audioS', R: 'requests' };
const LETTERS: Readonly<Record<string, WindowS>> = { M: 60, H: 3600, D: 86_400 };

/** "… on seconds of audio per hour (ASPH): Limit 7200, Used 5956, Requested 2336. Please try again in 9m6s." */
export function parseRefusal(message: string): RefusedLimit | undefined {
  const found = NAMED_LIMIT.exec(message);
  if (!found) return undefined;
  const [, unitName = '', letter = '', limitText = '', usedText = ''] = found;
  const unit = UNITS[unitName.toUpperCase()];
  const windowS = LETTERS[letter.toUpperCase()];
  const limit = asFigure(limitText);
  const used = asFigure(usedText);
  if (!unit || !windowS || !(limit >= 1) || !(used >= 0)) return undefined;
  return { unit, windowS, limit, used };
}

/** The number in a text whose commas group thousands or end the clause. */
function asFigure(text: string): number {
  return Number(text.replaceAll(',', '').replace(/\.$/, ''));
}
