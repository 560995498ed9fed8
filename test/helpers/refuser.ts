// A server in a process of its own that refuses everything at once, as cheaply as node:http can: what a crowd costs the machine by itself. It
// tells its port to its parent and goes with it.

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const server = createServer((_, response) => response.writeHead(503, { 'content-length': 0 }).end())
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit())
