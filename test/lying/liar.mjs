/**
 * A process of the program that hostile bytes have taken over: it works as it always does, and what it says goes through a lie first.
 * Stands in an installation in place of the real one, which it begins with.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { LIES } from './lies.mjs'

const CHANNEL_FD = 3
const HEAD_BYTES = 13

/** `told`: by the name of each file about which is lied, the lie. */
const { program, lies, told } = JSON.parse(fs.readFileSync(new URL('./lie.json', import.meta.url), 'utf8'))
const tells = Object.entries(told).map(([target, lie]) => ({ target, tell: LIES[lies][lie].tell }))
const { readSync, writeSync } = fs
/** What it was asked last, what it was set up with, and the file that a lie is about. */
const asked = { setUp: null, header: null, target: null }

/** Frames are read as head, header and payload, each whole. */
let expected = null
let got = Buffer.alloc(0)
fs.readSync = (fd, into, at, length, position) => {
  const count = readSync(fd, into, at, length, position)
  if (fd !== CHANNEL_FD) return count
  got = Buffer.concat([got, into.subarray(at, at + count)])
  if (expected === null && got.length === HEAD_BYTES) {
    expected = { header: got.readUInt32LE(5), payload: got.readUInt32LE(9) }
    got = Buffer.alloc(0)
  } else if (expected !== null && got.length >= expected.header + expected.payload) {
    asked.header = JSON.parse(got.subarray(0, expected.header).toString())
    asked.setUp ??= asked.header
    expected = null
    got = Buffer.alloc(0)
  }
  return count
}

let payloadLeft = 0
fs.writeSync = (fd, part, at, length, position) => {
  if (fd !== CHANNEL_FD || payloadLeft > 0) {
    payloadLeft = Math.max(0, payloadLeft - length)
    return writeSync(fd, part, at, length, position)
  }
  const headerBytes = part.readUInt32LE(at + 5)
  payloadLeft = part.readUInt32LE(at + 9)
  const json = part.subarray(at + HEAD_BYTES, at + HEAD_BYTES + headerBytes).toString()
  const frame = {
    type: part[at],
    job: part.readUInt32LE(at + 1),
    header: headerBytes === 0 ? undefined : JSON.parse(json),
  }
  const said = firstLie(frame)
  if (said === null) return writeSync(fd, part, at, length, position)
  for (const bytes of said) writeAll(CHANNEL_FD, bytes)
  return length
}
syncBuiltinESMExports()

/** One lie in a frame, which may hold several files. @returns null: the frame goes as it is */
function firstLie(frame) {
  for (const { target, tell } of tells) {
    asked.target = target
    const said = tell(frame, asked, { frame: frameOf, beat })
    if (said !== null) return said
  }
  return null
}

/** @param lengths said in place of those that are true */
function frameOf(type, job, header, payload = Buffer.alloc(0), lengths = {}) {
  const json = Buffer.isBuffer(header)
    ? header
    : Buffer.from(header === undefined ? '' : JSON.stringify(header))
  const head = Buffer.alloc(HEAD_BYTES)
  head[0] = type
  head.writeUInt32LE(job, 1)
  head.writeUInt32LE(lengths.header ?? json.length, 5)
  head.writeUInt32LE(lengths.payload ?? payload.length, 9)
  return Buffer.concat([head, json, payload])
}

function beat(bytes) {
  writeAll(4, bytes)
}

function writeAll(fd, bytes) {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at)
}

await import(`./honest-${program}.js`)
