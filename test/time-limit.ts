/** Sets the time limit of each test file by its kind, before the file runs (scripts/test-kinds.js). */
import { relative } from 'node:path'
import { expect, vi } from 'vitest'
// @ts-expect-error plain JavaScript
import { kindOf, TIME_LIMITS_MS } from '../scripts/test-kinds.js'

const ms = TIME_LIMITS_MS[kindOf(relative(import.meta.dirname, expect.getState().testPath!))]
// Hooks make images and exhibits, which takes longer than most tests.
vi.setConfig({ testTimeout: ms, hookTimeout: Math.max(ms, 180_000) })
