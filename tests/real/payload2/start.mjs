// Serves a fresh Payload 2 on a free port of 127.0.0.1, and says so in one line of JSON on stdout.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { endWith, serve } from '../process.mjs'
import { seed } from '../seed.mjs'

const beside = (file) => fileURLToPath(new URL(file, import.meta.url))

process.env.NODE_ENV = 'test' // in production, the adapter makes no tables by itself
process.env.PAYLOAD_CONFIG_PATH = beside('config.mjs') // Payload looks for a file, also when it is given a config
for (const name of Object.keys(process.env)) {
  if (name.startsWith('PG')) delete process.env[name] // they are meant for another database
}

const database = spawn(process.execPath, [beside('database.mjs')], {
  detached: true,
  stdio: ['pipe', 'pipe', 'inherit'],
})
let stopped = false
endWith(() => {
  if (stopped) return
  stopped = true
  process.on('uncaughtException', () => {}) // the connections to the database break
  database.stdin.end()
})
database.on('exit', () => process.exit(stopped ? 0 : 1))

const { default: express } = await import('express')
const { default: payload } = await import('payload')
const { configFor } = await import('./config.mjs')

const [line] = await once(database.stdout, 'data')
const app = express()
await payload.init({
  config: configFor(String(line).trim()),
  // It sends no mail; without a transport, Payload asks a service for a test account.
  email: { fromAddress: 'leads@example.test', fromName: 'Leads', transportOptions: { jsonTransport: true } },
  express: app,
  loggerDestination: process.stderr,
  loggerOptions: { level: process.env.PAYLOAD_LOG_LEVEL ?? 'fatal' },
  secret: randomUUID(),
})
await seed(payload, (table, id) =>
  payload.db.pool.query(`update "${table}" set id = 123 where id = $1`, [id]),
)
serve(createServer(app))
