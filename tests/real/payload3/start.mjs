// Serves a fresh Payload 3 on a free port of 127.0.0.1, and says so in one line of JSON on stdout.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { endWith, serve } from '../process.mjs'
import { seed } from '../seed.mjs'

process.env.NODE_ENV = 'test' // in production, the adapter makes no tables by itself

const { getPayload, handleEndpoints } = await import('payload')
const { configFor } = await import('./config.mjs')

const folder = mkdtempSync(join(tmpdir(), 'leadline-payload3-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
endWith(() => process.exit(0))

const config = await configFor(join(folder, 'payload.db'))
const payload = await getPayload({ config })
await seed(payload, (table, id) =>
  payload.db.client.execute({ sql: `update "${table}" set id = 123 where id = ?`, args: [id] }),
)

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
serve(server)
