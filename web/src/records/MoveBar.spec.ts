/** Buttons come from what the server allows; what it refuses is told with its reason. */
import { VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'

import type { RecordRow, Schema } from '@/api/shapes'
import { i18n, speakLocale } from '@/i18n'

import MoveBar from './MoveBar.vue'

const schema: Schema = {
  name: 'needs',
  label: '需求台账',
  label_one: '需求',
  floor: 'ledgers',
  title_field: 'title',
  default_sort: '-created_at',
  sections: [],
  fields: [],
  states: null,
  rights: {},
  moves: [
    { name: 'accept', label: '受理', tone: 'success', form: [] },
    {
      name: 'return',
      label: '退回',
      tone: 'warning',
      form: [{ name: 'reason', label: '原因', type: 'longtext', required: true }],
    },
  ],
}

function aNeed(given: Partial<RecordRow> = {}): RecordRow {
  return { id: 'n1', version: 4, created_at: '', updated_at: '', moves: ['accept', 'return'], ...given }
}

async function aBar(row: RecordRow) {
  await speakLocale('zh-CN')
  return mount(MoveBar, { props: { schema, row }, global: { plugins: [i18n, VueQueryPlugin] }, attachTo: document.body })
}

test('offers exactly the moves the server allows', async () => {
  const bar = await aBar(aNeed({ moves: ['return'] }))
  expect(bar.findAll('[data-test^=move-]').map((button) => button.text())).toEqual(['退回'])
})

test('a refused move is listed with its reason', async () => {
  const bar = await aBar(aNeed({ moves: [], refused: { accept: '只有工作站可以受理' } }))
  expect(bar.find('[data-test=why-not]').text()).toContain('只有工作站可以受理')
})

test('a move without a form is taken at once, with the version that was read', async () => {
  const fake = vi.fn<typeof fetch>().mockResolvedValue(Response.json(aNeed({ version: 5 })))
  vi.stubGlobal('fetch', fake)
  const bar = await aBar(aNeed())
  await bar.find('[data-test=move-accept]').trigger('click')
  await flushPromises()
  const [url, request] = fake.mock.calls[0] ?? []
  expect(url).toBe('/api/v1/needs/n1/moves/accept')
  expect(new Headers(request?.headers).get('If-Match')).toBe('"4"')
  expect(bar.emitted('moved')).toHaveLength(1)
})

test('a move with a form asks first and refuses to go without what is required', async () => {
  const fake = vi.fn<typeof fetch>()
  vi.stubGlobal('fetch', fake)
  const bar = await aBar(aNeed())
  await bar.find('[data-test=move-return]').trigger('click')
  await bar.find('dialog form').trigger('submit')
  expect(bar.find('[data-test=error-summary]').text()).toContain('请填写原因')
  expect(fake).not.toHaveBeenCalled()
})

test('closing the dialog leads back to the button that opened it', async () => {
  const bar = await aBar(aNeed())
  const button = bar.find<HTMLButtonElement>('[data-test=move-return]')
  button.element.focus()
  await button.trigger('click')
  await bar.find('dialog').trigger('cancel')
  expect(bar.find('dialog').exists()).toBe(false)
  expect(document.activeElement).toBe(button.element)
})

const A_MOVE = { label: '', tone: 'success' as const, form: [] }

async function namesOn(register: string, ...moves: string[]) {
  const own = { ...schema, name: register, moves: moves.map((name) => ({ ...A_MOVE, name })) }
  await speakLocale('zh-CN')
  const bar = mount(MoveBar, { props: { schema: own, row: aNeed({ moves }) }, global: { plugins: [i18n, VueQueryPlugin] } })
  return bar.findAll('button').map((button) => button.attributes('data-test'))
}

test('what a tab offers in its own way is not among the buttons', async () => {
  expect(await namesOn('draws', 'commit', 'reveal', 'publish')).toEqual(['move-publish'])
})

test('a register may have a move asked about that needs no form, and say what happens', async () => {
  const own = { ...schema, name: 'draws', moves: [{ ...A_MOVE, name: 'release' }] }
  await speakLocale('zh-CN')
  const bar = mount(MoveBar, {
    props: { schema: own, row: aNeed({ moves: ['release'] }) },
    global: { plugins: [i18n, VueQueryPlugin] },
    attachTo: document.body,
  })
  await bar.find('[data-test=move-release]').trigger('click')
  expect(bar.find('[data-test=move-hint]').text()).toContain('放行不能撤回')
  bar.unmount()
})

test('a register may say which move leads on most', async () => {
  expect(await namesOn('assignments', 'start', 'adopt')).toEqual(['move-adopt', 'move-start'])
})
