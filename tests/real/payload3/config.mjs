// The Payload config, on SQLite.
import { randomUUID } from 'node:crypto'
import { sqliteAdapter } from '@payloadcms/db-sqlite'
import { buildConfig } from 'payload'
import { collections, localization } from '../collections.mjs'

export const configFor = (file) =>
  buildConfig({
    collections,
    // Without transactions, which are off by default, a create that fails leaves half a lead behind.
    db: sqliteAdapter({ client: { url: `file:${file}` }, transactionOptions: {} }),
    localization,
    logger: { options: { level: process.env.PAYLOAD_LOG_LEVEL ?? 'fatal' }, destination: process.stderr },
    secret: randomUUID(),
    telemetry: false,
    typescript: { autoGenerate: false },
  })
