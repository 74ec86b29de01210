/** A refused request in the API's own shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  /** @param param the field or parameter that caused the error; absent: none of them */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly param?: string,
  ) {
    super(message);
  }

  /** The answer's body. As in OpenAI's API, `param` is null where no parameter caused the error. */
  get body(): string {
    const type = this.status >= 500 ? 'server_error' : 'invalid_request_error';
    const { message, param = null, code } = this;
    return JSON.stringify({ error: { message, type, param, code } });
  }
}
