// How a real server of the tests begins and ends.
import { writeSync } from 'node:fs'

process.stdout.write = process.stderr.write.bind(process.stderr) // stdout is for the ready line alone

// Calls stop when the process is told to end, or has lost its parent.
export const endWith = (stop) => {
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && stop(), 250)
}

// Lets the server listen on a free port of 127.0.0.1, and says so in one line of JSON on stdout.
export const serve = (server) =>
  server.listen(0, '127.0.0.1', () => {
    const url = `http://127.0.0.1:${server.address().port}/api`
    writeSync(1, `${JSON.stringify({ ready: true, url })}\n`)
  })
