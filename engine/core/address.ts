/**
 * Whom limits count an internet address for: IPv4 by itself (also as `::ffff:192.0.2.1`), of IPv6 its /64, which is the least that one subscriber
 * is given. A text that is no address stays.
 */
export function subscriberOf(address: string): string {
  const hidden = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (hidden) return hidden[1]!
  if (!address.includes(':')) return address
  const [head, tail] = address.split('%', 1)[0]!.split('::').map(groups) as [string[], string[]?]
  const zeros = tail ? Math.max(0, 8 - head.length - tail.length) : 0
  const all = [...head, ...Array<string>(zeros).fill('0'), ...(tail ?? [])]
  return `${all
    .slice(0, 4)
    .map(group => (Number.parseInt(group, 16) || 0).toString(16))
    .join(':')}::/64`
}

const groups = (text: string): string[] => (text === '' ? [] : text.split(':'))

/** An address fit for messages, logs and manifests: no user name, password or query, where keys hide. A text that is no address stays. */
export function withoutSecrets(url: string): string {
  const parsed = URL.parse(url)
  return parsed?.host ? `${parsed.protocol}//${parsed.host}${parsed.pathname}` : url
}
