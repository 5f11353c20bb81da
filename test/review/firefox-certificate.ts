/**
 * Puts a person's certificate and the authority of a server into a profile of Firefox, as its settings do: the browser is
 * started once and told so in the protocol of its Marionette.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { TabGiven } from './tab.ts'

const PASSPHRASE = 'of a test'

const TAKE = `
  const db = Cc['@mozilla.org/security/x509certdb;1'].getService(Ci.nsIX509CertDB)
  const file = Cc['@mozilla.org/file/local;1'].createInstance(Ci.nsIFile)
  file.initWithPath(arguments[0])
  db.importPKCS12File(file, arguments[1])
  db.addCertFromBase64(arguments[2], 'CT,,')
  return db.getCerts().length`

export async function takeCertificate(
  firefox: string,
  profile: string,
  { cert, key, ca }: NonNullable<TabGiven['certificate']>,
): Promise<void> {
  const p12 = join(profile, 'person.p12')
  const args = [
    'pkcs12',
    '-export',
    '-inkey',
    key,
    '-in',
    cert,
    '-out',
    p12,
    '-passout',
    `pass:${PASSPHRASE}`,
  ]
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const port = join(profile, 'MarionetteActivePort')
  writeFileSync(join(profile, 'user.js'), 'user_pref("marionette.port", 0);\n')
  const child = spawn(
    firefox,
    ['--headless', '--no-remote', '--profile', profile, '--marionette', '--remote-allow-system-access'],
    { env: { ...process.env, HOME: profile }, stdio: 'ignore', detached: true },
  )
  const ended = once(child, 'exit')
  try {
    await expect.poll(() => existsSync(port), { timeout: 60_000 }).toBe(true)
    const socket = connect(Number(readFileSync(port, 'utf8')), '127.0.0.1')
    const ask = asking(socket)
    await ask('WebDriver:NewSession', {})
    await ask('Marionette:SetContext', { value: 'chrome' })
    const authority = readFileSync(ca, 'utf8').replace(/-----[^-]+-----|\s/g, '')
    await ask('WebDriver:ExecuteScript', { script: TAKE, args: [p12, PASSPHRASE, authority] })
    await ask('Marionette:Quit', { flags: ['eForceQuit'] })
    socket.destroy()
    await ended
  } finally {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL')
    rmSync(p12, { force: true })
    rmSync(port, { force: true })
  }
}

/** Messages are `LENGTH:JSON`; an answer is `[1, id, error, result]`. */
function asking(socket: Socket): (command: string, params: object) => Promise<unknown> {
  const waiting = new Map<number, (answer: readonly unknown[]) => void>()
  let bytes = Buffer.alloc(0)
  socket.on('data', (piece: Buffer) => {
    bytes = Buffer.concat([bytes, piece])
    for (;;) {
      const colon = bytes.indexOf(':')
      if (colon < 0) return
      const to = colon + 1 + Number(bytes.toString('latin1', 0, colon))
      if (bytes.length < to) return
      const answer = JSON.parse(bytes.toString('utf8', colon + 1, to))
      bytes = bytes.subarray(to)
      if (Array.isArray(answer)) waiting.get(answer[1])?.(answer)
    }
  })
  let id = 0
  return async (command, params) => {
    const answered = new Promise<readonly unknown[]>((resolve) => waiting.set(++id, resolve))
    const text = JSON.stringify([0, id, command, params])
    socket.write(`${Buffer.byteLength(text)}:${text}`)
    const [, , error, result] = await answered
    if (error !== null) throw new Error(`${command}: ${JSON.stringify(error)}`)
    return result
  }
}
