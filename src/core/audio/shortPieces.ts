/** A stretch of frames, `[start, end)`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What becomes of short pieces. Lengths are in frames. */
export interface ShortPieceOptions {
  /** Shorter pieces are joined or widened. */
  readonly minimum: number;
  /** No joined piece is longer. */
  readonly maximum: number;
  /** Pieces are joined only where less than this lies between them. */
  readonly gap: number;
  /** Whether a piece waits for the next one, which it may be joined to. */
  readonly holds: boolean;
}

/**
 * Joins a short piece to its neighbour where both fit one request. Where they do not, the piece is widened on both sides. Without
 * holding, every piece is given out at once: a short one is widened into the silence around it as far as that is known.
 */
export class ShortPieces {
  private held: Stretch | undefined;
  private lastEnd = 0;
  /** Where the last piece ended before it was widened. */
  private lastPieceEnd = 0;

  constructor(private readonly options: ShortPieceOptions) {}

  /** @param room where the next piece may begin at the earliest, as far as is known: until there nobody speaks behind this piece */
  push(piece: Stretch, room: number): Stretch[] {
    if (!this.options.holds) return [this.widen(piece, room)];
    const held = this.held;
    if (!held) {
      this.held = piece;
      return [];
    }
    const isNear = piece.start - held.end < this.options.gap;
    const isOneRequest = piece.end - held.start <= this.options.maximum;
    if ((this.isShort(held) || this.isShort(piece)) && isNear && isOneRequest) {
      this.held = { start: held.start, end: piece.end };
      return [];
    }
    this.held = piece;
    return [this.widen(held, piece.start)];
  }

  /** @param frameCount the audio's length */
  end(frameCount: number): Stretch[] {
    return this.held ? [this.widen(this.held, frameCount)] : [];
  }

  private isShort({ start, end }: Stretch): boolean {
    return end - start < this.options.minimum;
  }

  private widen(piece: Stretch, before: number): Stretch {
    const { minimum } = this.options;
    const missing = Math.max(0, minimum - (piece.end - piece.start));
    const half = Math.max(piece.end, Math.min(before, piece.end + Math.ceil(missing / 2)));
    // Without holding, the piece before may have been widened into the edge of this one.
    const free = Math.max(this.lastEnd, Math.min(piece.start, half - minimum));
    // A piece that is meant to overlap the one before keeps its beginning.
    const start = piece.start < this.lastPieceEnd ? piece.start : free;
    // Where there is no room before the piece, all of the missing time is added behind it.
    const end = Math.max(half, Math.min(before, start + minimum));
    this.lastEnd = end;
    this.lastPieceEnd = piece.end;
    return { start, end };
  }
}
