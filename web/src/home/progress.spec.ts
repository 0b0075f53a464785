/** The five steps an enterprise sees. */
import { expect, test } from 'vitest'

import { progressOf, STEPS } from './progress'

test('a closed need has all its steps behind it', () => {
  expect(progressOf('closed')).toBe(STEPS.length)
})

test('a withdrawn need is off the road', () => {
  expect(progressOf('withdrawn')).toBeNull()
})
