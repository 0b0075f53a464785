/** The line of steps stands where the draw stands. */
import { expect, test } from 'vitest'

import { reachedBy, STEPS } from './steps'

test('each state is followed by its next step, a void one by none', () => {
  expect(reachedBy('planned')).toBe(0)
  expect(STEPS[reachedBy('frozen') ?? -1]).toBe('committed')
  expect(STEPS[reachedBy('released') ?? -1]).toBe('published')
  expect(reachedBy('published')).toBe(STEPS.length)
  expect(reachedBy('void')).toBeNull()
})
