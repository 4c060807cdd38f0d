// Creates the lead on stdin at the API of the first argument with the vendor's client; gives what it returns.
import { text } from 'node:stream/consumers'
import rest from 'payload-rest-client'

const [apiUrl, authorization, depth, locale] = process.argv.slice(2)
const client = rest.createClient({ apiUrl, cache: 'no-store', headers: { Authorization: authorization } })
const doc = JSON.parse(await text(process.stdin))
const told = await client.collections.leads
  .create({ doc, depth: Number(depth), locale })
  .catch((error) => ({ error: error.constructor.name }))
console.log(JSON.stringify(told))
