/** What the editor's settings say about proxies. */
export interface EditorProxy {
  /** `http.proxy`. */
  readonly address: string;
  /** `http.proxySupport` is `off`: extensions go straight to the network, whatever the environment says. */
  readonly isOff: boolean;
}

/** The variables that name a proxy, in the order of curl: for https, for everything, for http. */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'http_proxy', 'HTTP_PROXY'];

/** Which proxy requests have to take; who is exempt from it (`no_proxy`, `http.noProxy`) the editor's fetch knows. */
export function proxyInForce(
  { address, isOff }: EditorProxy,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (isOff) return undefined;
  return [address, ...VARIABLES.map((name) => env[name] ?? '')].find((value) => value.trim() !== '');
}
