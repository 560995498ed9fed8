// Which addresses are nobody else's business: this machine, private networks, link-local (where clouds keep their metadata), and everything
// that only leads there by another name (IPv4 inside IPv6). What is not plainly public is private.

import { BlockList, isIP } from 'node:net'

const blocked = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier NAT
  ['127.0.0.0', 8],
  ['169.254.0.0', 16], // link-local, cloud metadata
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3], // multicast, reserved, broadcast
] as const)
  blocked.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['2001::', 23], // Teredo, ORCHID and other protocols' own
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4: an IPv4 address inside
  ['3fff::', 20],
] as const)
  blocked.addSubnet(net, bits, 'ipv6')
const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')

/** Must not be connected to unless somebody has allowed it by name. @param address an IP address; any other text is private */
export function isPrivate(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return blocked.check(address, 'ipv4')
  // what lies outside 2000::/3 is local, mapped (::ffff:…), translated (64:ff9b::…) or nobody's
  return version !== 6 || !global6.check(address, 'ipv6') || blocked.check(address, 'ipv6')
}
