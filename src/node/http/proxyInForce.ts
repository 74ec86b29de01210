/** What the editor's settings say about proxies. */
export interface EditorProxy {
  /** `http.proxy`. */
  readonly address: string;
  /** Whether `http.proxySupport` is `off`. Then extensions connect directly, whatever the environment says. */
  readonly isOff: boolean;
}

/** The variables that name a proxy, in the order of curl: for https, for everything, for http. */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'http_proxy', 'HTTP_PROXY'];

/** The proxy that requests have to take. The editor's fetch decides which hosts are exempt from it (`no_proxy`, `http.noProxy`). */
export function proxyInForce(
  { address, isOff }: EditorProxy,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (isOff) return undefined;
  return [address, ...VARIABLES.map((name) => env[name] ?? '')].find((value) => value.trim() !== '');
}
