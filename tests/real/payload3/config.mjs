// The Payload config: the leads collection with what it refers to, two locales, users with API keys.
import { readFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { sqliteAdapter } from '@payloadcms/db-sqlite'
import { buildConfig } from 'payload'

const fields = JSON.parse(readFileSync(new URL('../leads.json', import.meta.url), 'utf8'))

// What the documents that a lead refers to say of others, beside a title and a text.
const references = {
  calls: [{ name: 'lead', type: 'relationship', relationTo: 'leads' }],
  customers: [{ name: 'leads', type: 'relationship', relationTo: 'leads', hasMany: true }],
  leadEvents: [{ name: 'lead', type: 'relationship', relationTo: 'leads' }],
  salesReps: [{ name: 'manager', type: 'relationship', relationTo: 'salesReps' }],
}

export const targets = [...new Set(fields.map((field) => field.relationTo).filter(Boolean))]

const target = (slug) => ({
  slug,
  fields: [{ name: 'title', type: 'text' }, { name: 'info', type: 'text' }, ...(references[slug] ?? [])],
})

export const configFor = (file) =>
  buildConfig({
    collections: [
      { slug: 'users', auth: { useAPIKey: true }, fields: [] },
      { slug: 'leads', fields },
      ...targets.map(target),
    ],
    // Without transactions, which are off by default, a create that fails leaves half a lead behind.
    db: sqliteAdapter({ client: { url: `file:${file}` }, transactionOptions: {} }),
    localization: { locales: ['en', 'es'], defaultLocale: 'en', fallback: true },
    logger: { options: { level: process.env.PAYLOAD_LOG_LEVEL ?? 'fatal' }, destination: process.stderr },
    secret: randomUUID(),
    telemetry: false,
    typescript: { autoGenerate: false },
  })
