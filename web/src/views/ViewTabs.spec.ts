/** The address is the truth: a view writes it there, and tells when it has been changed. */
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'

import type { Schema } from '@/api/shapes'
import type { SavedView } from '@/api/together'
import { i18n, speakLocale } from '@/i18n'
import { fitting, usual } from '@/records/columns'

import ViewTabs from './ViewTabs.vue'

const schema = {
  name: 'needs',
  title_field: 'title',
  fields: [
    { name: 'title', label: '名称', type: 'text', in_list: true },
    { name: 'due_on', label: '期限', type: 'date', in_list: true },
  ],
} as unknown as Schema

function aView(given: Partial<SavedView> = {}): SavedView {
  const query = { state: ['accepted'] }
  const rest = { shared: 'nobody', pinned: true, position: 0, mine: true, by: '周敏', default: false, partial: false }
  return { id: 'v1', title: '待办', query, columns: [], ...rest, ...given } as SavedView
}

async function tabs(views: SavedView[], at = '/r/needs') {
  const fake = vi.fn<typeof fetch>(() => Promise.resolve(Response.json({ items: views, may_share: ['nobody'] })))
  vi.stubGlobal('fetch', fake)
  const page = { template: '<div />' }
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/r/needs', component: page }] })
  await router.push(at)
  const shown = mount(ViewTabs, {
    props: { schema, columns: fitting(schema, usual(schema)) },
    global: { plugins: [i18n, router, [VueQueryPlugin, { queryClient: new QueryClient() }]] },
    attachTo: document.body,
  })
  await flushPromises()
  return { shown, router }
}

beforeEach(() => speakLocale('zh-CN'))
afterEach(() => {
  vi.unstubAllGlobals()
  document.body.innerHTML = ''
})

test('choosing a view puts its question into the address and its columns onto the list', async () => {
  const columns = [{ name: 'due_on', width: 200, pinned: true }]
  const { shown, router } = await tabs([aView({ columns })])
  await shown.get('[data-test=view-tab]').trigger('click')
  await flushPromises()
  expect(router.currentRoute.value.query).toEqual({ state: 'accepted', view: 'v1' })
  expect(shown.emitted('apply')).toEqual([[columns]])
})

test('the plain list begins with the view chosen for it; a question in the address comes first', async () => {
  const first = await tabs([aView({ default: true })])
  expect(first.router.currentRoute.value.query).toEqual({ state: 'accepted', view: 'v1' })
  const second = await tabs([aView({ default: true })], '/r/needs?q=x')
  expect(second.router.currentRoute.value.query).toEqual({ q: 'x' })
})

test('what differs from the view is said, and its owner may keep it', async () => {
  const { shown } = await tabs([aView()], '/r/needs?state=accepted&q=x&view=v1')
  expect(shown.get('[data-test=view-tab]').text()).toContain('已改动')
  expect(shown.find('[data-test=view-keep]').exists()).toBe(true)
  const same = await tabs([aView()], '/r/needs?state=accepted&view=v1&open=1')
  expect(same.shown.find('[data-test=view-keep]').exists()).toBe(false)
})

test('a view of somebody else is not changed here, and says what was left out', async () => {
  const other = aView({ mine: false, partial: true })
  const { shown } = await tabs([other], '/r/needs?state=accepted&q=x&view=v1')
  expect(shown.find('[data-test=view-keep]').exists()).toBe(false)
  expect(shown.get('.partial').text()).toContain('无权')
})
