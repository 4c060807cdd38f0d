// What a fresh server holds: a user with an API key, two documents of each target, one lead.
import { targets } from './config.mjs'

export const seed = async (payload) => {
  await payload.create({
    collection: 'users',
    data: { email: 'qa@example.test', password: 'test-password', enableAPIKey: true, apiKey: 'test-api-key' },
  })
  for (const slug of targets) await two(payload, slug)
  const lead = await payload.create({
    collection: 'leads',
    locale: 'en',
    data: { firstName: 'Ann', notes: 'hello', latestEvent: 123 },
  })
  await payload.update({ collection: 'leads', id: lead.id, locale: 'es', data: { notes: 'hola' } })
  await payload.update({ collection: 'leadEvents', id: 123, data: { lead: lead.id } })
}

// Payload takes no id from a caller, so the second document gets the page's 123 in the database.
const two = async (payload, slug) => {
  await payload.create({ collection: slug, data: { title: `${slug} one`, info: 'first' } })
  const { id } = await payload.create({ collection: slug, data: { title: `${slug} two`, info: 'second' } })
  const sql = `update "${snake(slug)}" set id = 123 where id = ?`
  await payload.db.client.execute({ sql, args: [id] })
}

const snake = (slug) => slug.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
