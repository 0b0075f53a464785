/** Naming somebody by keys alone, and what is sent. */
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { addRest, i18n, speakLocale } from '@/i18n'

import CommentBox from './CommentBox.vue'

const PEOPLE = [
  { id: 'h1', name: '李蕾', role_label: '中心工作人员', organisation: '云东中心' },
  { id: 'h2', name: '李明', role_label: '中心主任', organisation: '云东中心' },
]
const asked = vi.fn<typeof fetch>()

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  asked.mockImplementation(() => Promise.resolve(Response.json({ items: PEOPLE })))
  vi.stubGlobal('fetch', asked)
  await speakLocale('zh-CN')
  await addRest('zh-CN')
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

function aBox() {
  return mount(CommentBox, {
    props: { register: 'needs', record: 'n1', label: '写评论', submit: '发表评论', internal: true, busy: false },
    global: { plugins: [i18n] },
    attachTo: document.body,
  })
}

async function typed(box: ReturnType<typeof aBox>, text: string): Promise<void> {
  const area = box.get('textarea')
  await area.setValue(text)
  area.element.setSelectionRange(text.length, text.length)
  await area.trigger('input')
  await vi.runAllTimersAsync()
  await flushPromises()
}

test('an @ offers people, arrows and Enter take one, Ctrl+Enter sends whom it names', async () => {
  const box = aBox()
  await typed(box, '请@李')
  expect(String(asked.mock.calls.at(-1)?.[0])).toContain('mentionable?q=%E6%9D%8E&internal=true')
  const area = box.get('textarea')
  expect(area.attributes('aria-activedescendant')).toBe(box.findAll('[role=option]')[0]?.attributes('id'))
  await area.trigger('keydown', { key: 'ArrowDown' })
  await area.trigger('keydown', { key: 'Enter' })
  await flushPromises()
  expect(area.element.value).toBe('请@李明 ')
  await area.trigger('keydown', { key: 'Enter', ctrlKey: true })
  expect(box.emitted('send')).toEqual([['请@李明', ['h2']]])
})

test('Escape closes the list and leaves the words', async () => {
  const box = aBox()
  await typed(box, '@李')
  await box.get('textarea').trigger('keydown', { key: 'Escape' })
  expect(box.get('textarea').attributes('aria-activedescendant')).toBeUndefined()
  expect(box.get('textarea').element.value).toBe('@李')
})

test('nothing is sent while there are no words', async () => {
  const box = aBox()
  expect(box.get('[data-test=comment-send]').attributes('disabled')).toBeDefined()
  await typed(box, '   ')
  await box.get('textarea').trigger('keydown', { key: 'Enter', ctrlKey: true })
  expect(box.emitted('send')).toBeUndefined()
})
