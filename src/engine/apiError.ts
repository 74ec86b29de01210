/** A refused request in the API's own shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  get body(): string {
    const type = this.status >= 500 ? 'server_error' : 'invalid_request_error';
    return JSON.stringify({ error: { message: this.message, type, code: this.code } });
  }
}
