/** A PostgreSQL of Debian's, started by the tests themselves as an ordinary user, with a data folder of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const NOBODY = 65_534
const VERSIONS = '/usr/lib/postgresql'

function programs(): string | null {
  if (!existsSync(VERSIONS)) return null
  const [newest] = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a))
  const bin = join(VERSIONS, newest ?? '', 'bin')
  return existsSync(join(bin, 'initdb')) ? bin : null
}

export const hasPostgres = programs() !== null

interface Secured {
  /** Copied into the data folder. */
  readonly files: readonly string[]
  /** Lines of pg_hba.conf. */
  readonly access: readonly string[]
}

export class Postgres {
  readonly folder: string
  readonly port: number
  #server: ChildProcess | null = null

  private constructor(folder: string, port: number) {
    this.folder = folder
    this.port = port
  }

  /** With the database and superuser `lab`. */
  static async make(settings: readonly string[] = [], more: Partial<Secured> = {}): Promise<Postgres> {
    const folder = mkdtempSync(join(tmpdir(), 'seized-pg-'))
    const one = new Postgres(folder, await freePort())
    mkdirSync(one.data)
    if (process.getuid?.() === 0) for (const path of [folder, one.data]) chownSync(path, NOBODY, NOBODY)
    one.#run('initdb', ['-D', one.data, '-U', 'lab', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'])
    appendFileSync(
      join(one.data, 'postgresql.conf'),
      [
        `port=${one.port}`,
        "listen_addresses='127.0.0.1'",
        `unix_socket_directories='${folder}'`,
        'fsync=off',
        ...settings,
        '',
      ].join('\n'),
    )
    for (const file of more.files ?? []) {
      const own = join(one.data, basename(file))
      copyFileSync(file, own)
      if (process.getuid?.() === 0) chownSync(own, NOBODY, NOBODY)
    }
    if (more.access) writeFileSync(join(one.data, 'pg_hba.conf'), `${more.access.join('\n')}\n`)
    await one.start()
    one.#run('createdb', ['-h', one.folder, '-p', String(one.port), '-U', 'lab', 'lab'])
    return one
  }

  get data(): string {
    return join(this.folder, 'data')
  }

  /** @param user a login of the database */
  url(user = 'lab'): string {
    return `postgres://${user}@127.0.0.1:${this.port}/lab`
  }

  async start(): Promise<void> {
    this.#server = spawn(join(programs()!, 'postgres'), ['-D', this.data], { ...asUser(), stdio: 'ignore' })
    for (let i = 0; i < 600; i++) {
      const ready = spawnSync(join(programs()!, 'pg_isready'), [
        '-h',
        '127.0.0.1',
        '-p',
        String(this.port),
        '-q',
      ])
      if (ready.status === 0) return
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    throw new Error('PostgreSQL did not get ready')
  }

  /** As a power cut ends it. */
  async kill(): Promise<void> {
    const server = this.#server
    this.#server = null
    if (!server) return
    const ended = new Promise((resolve) => server.on('exit', resolve))
    server.kill('SIGKILL')
    await ended
    // Its processes see the end of their parent within a moment; the next start waits for them.
    await new Promise((resolve) => setTimeout(resolve, 300))
  }

  /** @returns rows, cells by `|` */
  sql(
    text: string,
    user = 'lab',
  ): { readonly status: number | null; readonly rows: string[]; readonly error: string } {
    const run = spawnSync(
      join(programs()!, 'psql'),
      [
        '-h',
        '127.0.0.1',
        '-p',
        String(this.port),
        '-U',
        user,
        '-d',
        'lab',
        '-AtX',
        '-v',
        'ON_ERROR_STOP=1',
        '-c',
        text,
      ],
      { encoding: 'utf8' },
    )
    return {
      status: run.status,
      rows: run.stdout.split('\n').filter((line) => line !== ''),
      error: run.stderr,
    }
  }

  /** What `lab backup` wrote. */
  restore(file: string): void {
    const run = spawnSync(
      join(programs()!, 'pg_restore'),
      ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'lab', '-d', 'lab', '--exit-on-error', file],
      { encoding: 'utf8' },
    )
    if (run.status !== 0) throw new Error(run.stderr)
  }

  async end(): Promise<void> {
    const server = this.#server
    if (server) {
      const ended = new Promise((resolve) => server.on('exit', resolve))
      server.kill('SIGINT')
      await ended
    }
    rmSync(this.folder, { recursive: true, force: true })
  }

  #run(program: string, args: readonly string[]): void {
    const run = spawnSync(join(programs()!, program), args, { ...asUser(), encoding: 'utf8' })
    if (run.status !== 0) throw new Error(`${program}: ${run.stderr}`)
  }
}

function asUser() {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY, cwd: '/' } : { cwd: '/' }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
