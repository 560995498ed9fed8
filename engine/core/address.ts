/** An address fit for messages, logs and manifests: no user name, password or query, where keys hide. A text that is no address stays. */
export function withoutSecrets(url: string): string {
  const parsed = URL.parse(url)
  return parsed?.host ? `${parsed.protocol}//${parsed.host}${parsed.pathname}` : url
}
