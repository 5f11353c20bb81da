/** Before each test file: sets its time limit by its kind (scripts/test-kinds.js). After it: undoes what its helpers made. */
import { relative } from 'node:path'
import { afterAll, expect, vi } from 'vitest'
// @ts-expect-error plain JavaScript
import { kindOf, TIME_LIMITS_MS } from '../scripts/test-kinds.js'
import { endFile } from './at-file-end.ts'

const ms = TIME_LIMITS_MS[kindOf(relative(import.meta.dirname, expect.getState().testPath!))]
// Hooks make images and exhibits, which takes longer than most tests.
vi.setConfig({ testTimeout: ms, hookTimeout: Math.max(ms, 180_000) })

afterAll(endFile)
