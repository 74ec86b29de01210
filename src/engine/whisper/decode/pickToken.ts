/** The token that was chosen, and how probable it was. */
export interface PickedToken {
  readonly token: number;
  /** Natural logarithm, at temperature 1, among the tokens that the rules allow. */
  readonly logProbability: number;
}

/** A token whose score lies this far below the highest adds nothing that single precision would keep (e^-25 of 50,000 tokens). */
const NEGLIGIBLE = -25;
/** For scores below this, a power may be 0.2 % wrong: all 50,000 together are then wrong by less than 0.005. */
const ROUGH = -10;
const STEPS_PER_UNIT = 256;
/** Powers of e from 0 down to {@link NEGLIGIBLE}. Looking up the unlikely tokens' powers takes a fifth of the time to compute them. */
const POWERS = Float64Array.from({ length: -NEGLIGIBLE * STEPS_PER_UNIT + 2 }, (_, i) =>
  Math.exp(-(i - 0.5) / STEPS_PER_UNIT),
);

/**
 * The likeliest token; above temperature 0 a random one, by the tokens' probabilities.
 *
 * @param random numbers in [0, 1)
 */
export function pickToken(logits: Float32Array, temperature: number, random: () => number): PickedToken {
  const { token: best, logit: most } = likeliest(logits);
  const normaliser = most + Math.log(sumOfPowers(logits, most, 1));
  const token = temperature === 0 ? best : sample(logits, most, temperature, random);
  return { token, logProbability: (logits[token] ?? -Infinity) - normaliser };
}

/** The probability of one token before any rule. */
export function probabilityOf(logits: Float32Array, token: number): number {
  const { logit: most } = likeliest(logits);
  return Math.exp((logits[token] ?? -Infinity) - most) / sumOfPowers(logits, most, 1);
}

function likeliest(logits: Float32Array): { token: number; logit: number } {
  let token = 0;
  let logit = -Infinity;
  for (let i = 0; i < logits.length; i++) {
    const value = logits[i] ?? -Infinity;
    if (value > logit) {
      logit = value;
      token = i;
    }
  }
  return { token, logit };
}

function sumOfPowers(logits: Float32Array, most: number, temperature: number): number {
  let sum = 0;
  for (const logit of logits) {
    const distance = (logit - most) / temperature;
    if (distance > NEGLIGIBLE) sum += power(distance);
  }
  return sum;
}

function power(distance: number): number {
  return distance > ROUGH ? Math.exp(distance) : (POWERS[Math.ceil(-distance * STEPS_PER_UNIT)] ?? 0);
}

function sample(logits: Float32Array, most: number, temperature: number, random: () => number): number {
  let rest = random() * sumOfPowers(logits, most, temperature);
  let last = 0;
  for (let i = 0; i < logits.length; i++) {
    const distance = ((logits[i] ?? -Infinity) - most) / temperature;
    if (distance <= NEGLIGIBLE) continue;
    last = i;
    rest -= power(distance);
    if (rest <= 0) return i;
  }
  return last;
}
