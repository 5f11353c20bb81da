import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { sealedLedger } from './temporary.ts'

describe('verify', () => {
  it('finds nothing wrong with a sealed ledger, and writes nothing', () => {
    const path = sealedLedger()
    const before = readFileSync(path)
    const report = verifyLedger(path)
    expect(report.problems).toEqual([])
    expect(report.sealed).toBe(true)
    expect(readdirSync(dirname(path))).toEqual(['case.sqlite'])
    expect(readFileSync(path).equals(before)).toBe(true)
  })
})
