// Serves a fresh Payload 3 on a free port of 127.0.0.1, and says so in one line of JSON on stdout.
import { mkdtempSync, rmSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'

process.env.NODE_ENV = 'test' // in production, the adapter makes no tables by itself
process.stdout.write = process.stderr.write.bind(process.stderr) // stdout is for the one line

const { getPayload, handleEndpoints } = await import('payload')
const { configFor } = await import('./config.mjs')
const { seed } = await import('./seed.mjs')

const folder = mkdtempSync(join(tmpdir(), 'leadline-payload3-'))
const stop = () => {
  rmSync(folder, { recursive: true, force: true })
  process.exit(0)
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
const parent = process.ppid
setInterval(() => process.ppid !== parent && stop(), 250)

const config = await configFor(join(folder, 'payload.db'))
await seed(await getPayload({ config }))

const asked = (incoming, origin) => {
  const headers = new Headers()
  for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
    headers.append(incoming.rawHeaders[at], incoming.rawHeaders[at + 1])
  }
  const bodiless = incoming.method === 'GET' || incoming.method === 'HEAD'
  const body = bodiless ? {} : { body: Readable.toWeb(incoming), duplex: 'half' }
  return new Request(new URL(incoming.url, origin), { method: incoming.method, headers, ...body })
}

const server = createServer(async (incoming, outgoing) => {
  try {
    const origin = `http://${incoming.headers.host ?? '127.0.0.1'}`
    const answer = await handleEndpoints({ config, request: asked(incoming, origin) })
    outgoing.writeHead(answer.status, [...answer.headers].flat())
    outgoing.end(Buffer.from(await answer.arrayBuffer()))
  } catch (error) {
    // What no `Request` can be made of, such as TRACE, does not reach Payload.
    console.error(error)
    outgoing.writeHead(error instanceof TypeError ? 400 : 500).end()
  }
})
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}/api`
  writeSync(1, `${JSON.stringify({ ready: true, url })}\n`)
})
