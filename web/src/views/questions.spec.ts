import { expect, it } from 'vitest'

import { addressOf, questionOf, same } from './questions'

it('keeps what the list is asked, not what the screen shows beside it', () => {
  const query = { state: ['a', 'b'], q: '齿轮', open: '1', tab: 'comments', view: 'x', empty: '', none: null }
  expect(questionOf(query)).toEqual({ state: ['a', 'b'], q: ['齿轮'] })
})

it('goes back into an address that names its view', () => {
  expect(addressOf({ state: ['a', 'b'], q: ['齿轮'] }, 'x')).toEqual({ state: ['a', 'b'], q: '齿轮', view: 'x' })
})

it('is the same whatever the order', () => {
  expect(same({ a: ['1', '2'], b: ['3'] }, { b: ['3'], a: ['2', '1'] })).toBe(true)
  expect(same({ a: ['1'] }, { a: ['1'], b: ['2'] })).toBe(false)
})
