/** Choosing rows: some by name, or all of the filter but some. */
import { expect, test } from 'vitest'
import { nextTick, ref, shallowRef } from 'vue'

import type { RecordRow } from '@/api/shapes'

import { useSelection } from './selection'

const row = (id: string): RecordRow => ({ id, version: 1, created_at: '', updated_at: '' })

function made() {
  const rows = shallowRef(new Map(['a', 'b', 'c', 'd'].map((id, at) => [at, row(id)])))
  const query = ref<Record<string, string>>({})
  return { query, ...useSelection(rows, ref(10_000), query) }
}

test('a stretch runs from the row last chosen, in both directions', () => {
  const { toggle, stretch, chosen, count } = made()
  toggle(2)
  stretch(0)
  expect(chosen.value).toEqual({ all: false, ids: ['c', 'a', 'b'] })
  expect(count.value).toBe(3)
})

test('all of the filter counts rows that were never loaded; taking one out leaves the rest', () => {
  const { everything, toggle, has, count, chosen } = made()
  everything()
  expect(count.value).toBe(10_000)
  toggle(1)
  expect(has(row('b'))).toBe(false)
  expect(has(row('zzz'))).toBe(true)
  expect(count.value).toBe(9_999)
  expect(chosen.value).toEqual({ all: true, ids: ['b'] })
})

test('another filter leaves nothing chosen, another order everything', async () => {
  const { toggle, count, query } = made()
  toggle(0)
  query.value = { sort: 'name' }
  await nextTick()
  expect(count.value).toBe(1)
  query.value = { q: '样例' }
  await nextTick()
  expect(count.value).toBe(0)
})
