/** The public list says who sits now, and who was drawn first where that is somebody else. */
import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'

import type { Drawn } from '@/api/draws'
import { i18n, speakLocale } from '@/i18n'

import PublicResult from './PublicResult.vue'

function aSeat(position: number, pseudonym: string, drawn: string | null): Drawn {
  return { kind: 'member', position, pseudonym, name: null, drawn }
}

async function shown(...result: Drawn[]) {
  await speakLocale('zh-CN')
  return mount(PublicResult, { props: { result }, global: { plugins: [i18n] } })
}

test('a seat filled again names both, and the page says that seats changed', async () => {
  const page = await shown(aSeat(1, 'now', 'first'), aSeat(2, 'same', null))
  expect(page.find('[data-test=draw-changed]').text()).toContain('递补')
  expect(page.findAll('[data-test=draw-first]').map((one) => one.text())).toEqual(['原抽中：first'])
})

test('where nobody left nothing is said of it', async () => {
  const page = await shown(aSeat(1, 'now', null))
  expect(page.find('[data-test=draw-changed]').exists()).toBe(false)
})
