// The Payload config, on the Postgres whose socket is in the folder given.
import { postgresAdapter } from '@payloadcms/db-postgres'
import payloadConfig from 'payload/config.js'
import { collections, localization } from '../collections.mjs'

// Requests of one client in 15 minutes. Payload's 500 are fewer than a suite sends, so there is no limit unless told.
const limit = process.env.PAYLOAD_RATE_LIMIT

export const configFor = (folder) =>
  payloadConfig.buildConfig({
    admin: { disable: true },
    collections,
    // A request that creates holds a transaction and asks beside it: with the ten connections of the default, requests
    // at once can wait for each other for ever.
    db: postgresAdapter({
      pool: { host: folder, port: 5432, user: 'payload', database: 'postgres', ssl: false, max: 40 },
    }),
    graphQL: { disable: true },
    localization,
    rateLimit: limit === undefined ? { skip: () => true } : { max: Number(limit) },
    telemetry: false,
  })
