// What a fresh server holds: a user with an API key, two documents of each target, one lead.
import { targets } from './collections.mjs'

// Payload takes no id from a caller; renumber(table, id) gives the page's 123 to that row in the database.
export const seed = async (payload, renumber) => {
  await payload.create({
    collection: 'users',
    data: { email: 'qa@example.test', password: 'test-password', enableAPIKey: true, apiKey: 'test-api-key' },
  })
  for (const slug of targets) {
    await payload.create({ collection: slug, data: { title: `${slug} one`, info: 'first' } })
    const { id } = await payload.create({ collection: slug, data: { title: `${slug} two`, info: 'second' } })
    await renumber(snake(slug), id)
  }
  const lead = await payload.create({
    collection: 'leads',
    locale: 'en',
    data: { firstName: 'Ann', notes: 'hello', latestEvent: 123 },
  })
  await payload.update({ collection: 'leads', id: lead.id, locale: 'es', data: { notes: 'hola' } })
  await payload.update({ collection: 'leadEvents', id: 123, data: { lead: lead.id } })
}

const snake = (slug) => slug.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
