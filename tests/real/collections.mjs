// The collections of both real servers: users with API keys, the leads, and what a lead refers to.
import { readFileSync } from 'node:fs'

const fields = JSON.parse(readFileSync(new URL('leads.json', import.meta.url), 'utf8'))

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

export const collections = [
  { slug: 'users', auth: { useAPIKey: true }, fields: [] },
  { slug: 'leads', fields },
  ...targets.map(target),
]

export const localization = { locales: ['en', 'es'], defaultLocale: 'en', fallback: true }
