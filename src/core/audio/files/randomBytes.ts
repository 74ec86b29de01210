/** A file's bytes, read where they are wanted. */
export interface RandomBytes {
  readonly sizeBytes: number;
  /** Gives fewer bytes only at the file's end. */
  read(offsetBytes: number, lengthBytes: number): Promise<Uint8Array>;
}
