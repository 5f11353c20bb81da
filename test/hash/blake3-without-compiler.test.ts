import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

/** Where nothing could be compiled at installation, `blake3` is the WebAssembly package. */
const INSTEAD = `
const Module = require('node:module')
const load = Module._load
Module._load = function (name, ...rest) { return load.call(this, name === 'blake3' ? 'blake3-wasm' : name, ...rest) }`

it('hashes where nothing could be compiled at installation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seized-blake3-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const preload = join(folder, 'instead.cjs')
  writeFileSync(preload, INSTEAD)
  const file = resolve(import.meta.dirname, '../../src/hash/blake3.ts')
  const script = `const { hash, createHash } = await import(${JSON.stringify(file)})
    console.log(hash('').toString('hex'), createHash().update('').digest('hex'))`
  const run = spawnSync(
    process.execPath,
    ['--experimental-strip-types', '--no-warnings', '-r', preload, '--input-type=module', '-e', script],
    { encoding: 'utf8' },
  )
  const empty = 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'
  expect([run.stderr, run.stdout]).toEqual(['', `${empty} ${empty}\n`])
})
