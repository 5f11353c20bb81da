#!/usr/bin/env node
import { goOnUnder, suitableNode, tooOld } from './runtime.js'

const node = suitableNode()
if (node === process.execPath) {
  const { main } = await import('../dist/program/main.js')
  await main(process.argv)
} else if (node === null) {
  console.error(tooOld())
  process.exitCode = 1
} else {
  goOnUnder(node, [...process.execArgv, ...process.argv.slice(1)])
}
