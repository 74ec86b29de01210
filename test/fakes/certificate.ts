/**
 * A certificate for localhost that nobody signed but itself, and its key, for servers of tests only; made once, valid for a hundred years:
 * openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=localhost
 *   -addext subjectAltName=DNS:localhost,IP:127.0.0.1
 */
export const SELF_SIGNED = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRsYOXV5X8aBV6dju
O5kyoh245z2N1d3lLOQ/i6oy0hmhRANCAATU8D/R8NAuyIS5TuK5eJvaxWzHaPiL
eggTs6JbD1u7CHXxjLvSwtY8p1VetMgpdPdzkFFReNhijOG6kelneokV
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUfefFddHW3sBMKSmwT/2fYKJ6hTAwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzE3MjI1MVoYDzIxMjYxMDMw
MTcyMjUxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATU8D/R8NAuyIS5TuK5eJvaxWzHaPiLeggTs6JbD1u7CHXxjLvSwtY8
p1VetMgpdPdzkFFReNhijOG6kelneokVo28wbTAdBgNVHQ4EFgQUGMqVMDgbdzfx
de/iavMoYvfYyOQwHwYDVR0jBBgwFoAUGMqVMDgbdzfxde/iavMoYvfYyOQwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgbpfZ4UXICTZAmQLpUYEoVFPu7zADIGcs+dtzZMaj6oACIHba
WoOj1c6DeLO6jFU2j+548v3ZLuucujURQPvh8CTK
-----END CERTIFICATE-----
`,
} as const;
